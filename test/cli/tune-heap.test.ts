import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { heapOptions } from '../../src/cli/tune-heap.ts';

const run = promisify(execFile);
const MODULE = new URL('../../src/cli/tune-heap.ts', import.meta.url).href;

describe('the options of the heap', () => {
  it('keep a process with an embedded store small, by the names that its V8 has for them', () => {
    const growth = '--heap-growing-percent=30';
    expect(heapOptions(true, [], '20.19.0')).toEqual([growth, '--memory-reducer-single-gc']);
    expect(heapOptions(true, [], '24.18.0')).toEqual([growth, '--memory-reducer-gc-count=1']);
    expect(heapOptions(false, [], '24.18.0')).toEqual(['--memory-reducer-gc-count=1']);
  });

  it('are those of the command line where it has any', () => {
    const given = ['--heap-growing-percent=50', '--memory-reducer-gc-count=3', '--enable-source-maps'];
    expect(heapOptions(true, given, '24.18.0')).toEqual([]);
    const spelled = ['--heap_growing_percent=50', '--no-memory-reducer-single-gc'];
    expect(heapOptions(true, spelled, '20.19.0')).toEqual([]);
  });

  it('are known to the V8 that this runs in, which complains of others and goes on', async () => {
    const program = `(await import('${MODULE}')).tuneHeap(true);`;
    const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', program];
    expect((await run(process.execPath, args)).stderr).toBe('');
  });
});
