import picomatch from 'picomatch';

/** Says whether a name is meant. */
export type NameTest = (name: string) => boolean;

/**
 * Turns globs into a test: a name is meant when one of the globs fits and none that begins with `!` does.
 * With nothing but `!` globs, every other name is meant. `*` fits any run of characters, slashes and dots included:
 * names are not paths.
 */
export function nameTest(globs: readonly string[]): NameTest {
  const wanted = globs.filter((glob) => !glob.startsWith('!')).map(globTest);
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => globTest(glob.slice(1)));
  return (name) =>
    (wanted.length === 0 || wanted.some((fits) => fits(name))) && !unwanted.some((fits) => fits(name));
}

function globTest(glob: string): NameTest {
  if (glob === '*') return () => true;
  if (glob === '') return () => false;
  const fits = picomatch(glob, { dot: true, bash: true, nonegate: true });
  // A feature may be called "a[0]": every glob also fits itself, read as plain text.
  return (name) => name === glob || fits(name);
}
