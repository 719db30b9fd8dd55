import { setFlagsFromString } from 'node:v8';

/**
 * Old space grows by a third before it is collected, not to the double: most of what a flush makes is gone with the next, and a
 * process with an embedded store shall stay small.
 */
const COLLECT_SOON = '--heap-growing-percent=30';

/**
 * When traffic has ended, V8 collects all garbage up to three times in a row. The second finds nothing, and costs as much as a
 * minute of waiting.
 */
function collectOnce(node: string): string {
  return Number.parseInt(node, 10) < 22 ? '--memory-reducer-single-gc' : '--memory-reducer-gc-count=1';
}

/**
 * The options of V8 with which garbage is collected as suits a daemon.
 *
 * @param given the options that Node was started with, which stay as they are.
 * @param node Node's version: V8 changes the names of such options.
 */
export function heapOptions(embeddedStore: boolean, given: readonly string[], node: string): string[] {
  return [...(embeddedStore ? [COLLECT_SOON] : []), collectOnce(node)].filter((option) => {
    const name = nameOf(option);
    return !given.some((other) => nameOf(other) === name);
  });
}

/** V8 takes --an-option, --an_option and --no-an-option. */
function nameOf(option: string): string | undefined {
  return option
    .split('=')[0]
    ?.replaceAll('_', '-')
    .replace(/^--no-?/, '--');
}

/** To be called before there is anything of size: Node warns of options that come later. */
export function tuneHeap(embeddedStore: boolean): void {
  for (const option of heapOptions(embeddedStore, process.execArgv, process.versions.node))
    setFlagsFromString(option);
}
