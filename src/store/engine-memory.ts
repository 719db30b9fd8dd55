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
 * 150 MB, of which a third is ever used again; whoever does use one gets it back from the file. Does nothing where the system is not
 * Linux, or without the optional package koffi.
 */
export async function releaseStartPages(): Promise<void> {
  if (process.platform !== 'linux') return;
  const advise = await loadMadvise();
  if (advise === undefined) return;
  for (const { start, end } of unwritten(await readFile('/proc/self/smaps', 'utf8'))) {
    // What it answers is of no use: pages that stay are pages that are shown as used.
    advise(start, end - start, MADV_DONTNEED);
  }
}

type Madvise = (address: number, length: number, advice: number) => number;

async function loadMadvise(): Promise<Madvise | undefined> {
  try {
    const { default: koffi } = await import('koffi');
    return koffi.load('libc.so.6').func('int madvise(uintptr_t address, size_t length, int advice)');
  } catch {
    return undefined;
  }
}

/** Mappings of the library that are read only, and all of whose pages are still those of the file. */
function* unwritten(smaps: string): Generator<{ start: number; end: number }> {
  for (const entry of smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    const [head = '', ...fields] = entry.split('\n');
    const [range = '', rights = ''] = head.split(' ');
    const anonymous = fields.find((field) => field.startsWith('Anonymous:'));
    if (!head.endsWith(LIBRARY) || rights.includes('w') || !/^Anonymous:\s+0 kB$/.test(anonymous ?? ''))
      continue;
    const [start = 0, end = 0] = range.split('-').map((address) => Number.parseInt(address, 16));
    yield { start, end };
  }
}
