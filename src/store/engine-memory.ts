import { readFile } from 'node:fs/promises';

/**
 * How the engine's allocator is started. By default it keeps freed memory for five seconds, which is the next flush, and
 * writes down which code allocates.
 */
const ALLOCATOR = 'dirty_decay_ms:0,prof:false';
/** Where jemalloc looks for it, once, while the engine is loaded. */
const ALLOCATOR_VARIABLE = 'JE_MALLOC_CONF';

const LIBRARY = '/libchdb.so';
/** Of `madvise`, the same on all processors that the engine runs on. */
const MADV_DONTNEED = 4;

/** Loads the engine with an allocator that keeps little; one that the environment configures stays as it is. */
export async function withSparingAllocator<T>(load: () => Promise<T>): Promise<T> {
  if (process.env[ALLOCATOR_VARIABLE] !== undefined) return await load();
  process.env[ALLOCATOR_VARIABLE] = ALLOCATOR;
  try {
    return await load();
  } finally {
    delete process.env[ALLOCATOR_VARIABLE];
  }
}

/**
 * Takes from this process the pages of the engine's library that nobody has written to. Starting it touches them all over, some
 * 150 MB, of which a third is ever used again; whoever does use one gets it back from the file. Where that cannot be done, since the system
 * is not Linux or does not show its mappings, or for want of the optional package koffi, they stay.
 */
export async function releaseStartPages(): Promise<void> {
  if (process.platform !== 'linux') return;
  try {
    const { default: koffi } = await import('koffi');
    const advise = koffi.load('libc.so.6').func('int madvise(uintptr_t address, size_t length, int advice)');
    for (const { start, end } of unwritten(await readFile('/proc/self/smaps', 'utf8')))
      advise(start, end - start, MADV_DONTNEED);
  } catch {
    // Nobody needs to know: a store with more pages is a store.
  }
}

/**
 * Mappings of the library that are read only, and none of whose pages was ever written to. What was relocated is read only as
 * well by now, and must stay: it is in memory that has no file, or was swapped out.
 */
function* unwritten(smaps: string): Generator<{ start: number; end: number }> {
  for (const entry of smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const [head = '', ...fields] = entry.split('\n');
    const [range = '', rights = ''] = head.split(' ');
    const isZero = (name: string): boolean =>
      fields.some((field) => field.startsWith(`${name}:`) && /:\s+0 kB$/.test(field));
    if (!head.endsWith(LIBRARY) || rights.includes('w') || !isZero('Anonymous') || !isZero('Swap')) continue;
    const [start = 0, end = 0] = range.split('-').map((address) => Number.parseInt(address, 16));
    yield { start, end };
  }
}
