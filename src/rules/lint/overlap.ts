import { nameTest } from '../globs.ts';

/** Characters by which a glob means more than itself. */
const WILD = /[*?[\]{}()!+@|\\]/;

/** Whether some name may fit both lists of globs. False only when it is certain that none does. */
export function mayOverlap(a: readonly string[], b: readonly string[]): boolean {
  const [wantedOfA, wantedOfB] = [a, b].map((globs) => {
    const wanted = globs.filter((glob) => !glob.startsWith('!'));
    return wanted.length === 0 ? ['*'] : wanted;
  }) as [string[], string[]];
  const [fitsA, fitsB] = [nameTest(a), nameTest(b)];
  return wantedOfA.some((first) =>
    wantedOfB.some((second) => {
      if (!WILD.test(first)) return fitsA(first) && fitsB(first);
      if (!WILD.test(second)) return fitsA(second) && fitsB(second);
      return endsMeet(first, second);
    }),
  );
}

/** Two globs can fit one name only if what they begin and end with can be of one name. */
function endsMeet(a: string, b: string): boolean {
  const [headA, headB] = [a, b].map((glob) => glob.slice(0, glob.search(WILD))) as [string, string];
  const [tailA, tailB] = [a, b].map((glob) => /[^*?[\]{}()!+@|\\]*$/.exec(glob)?.[0] ?? '') as [
    string,
    string,
  ];
  return (
    (headA.startsWith(headB) || headB.startsWith(headA)) && (tailA.endsWith(tailB) || tailB.endsWith(tailA))
  );
}
