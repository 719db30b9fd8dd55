import { readFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { releaseStartPages, withSparingAllocator } from '../../src/store/engine-memory.ts';
import { storesOfSuite } from '../support/stores.ts';

const stores = storesOfSuite('embedded');

describe('the memory of the embedded engine', () => {
  it('is given back as soon as it is free', async () => {
    const store = await stores.bare();
    const [row] = await store.query<{ stats: string }>('SELECT * FROM system.jemalloc_stats');
    const text = Object.values(row ?? {}).join('\n');
    expect(text).toMatch(/opt\.dirty_decay_ms: 0 /);
    expect(text).toMatch(/opt\.prof: false/);
  });

  it.runIf(process.platform === 'linux')('holds little of its program once it is open', async () => {
    const store = await stores.bare();
    // Some 190 as it starts.
    expect(await residentMegabytes()).toBeLessThan(100);
    await releaseStartPages();
    expect(await residentMegabytes()).toBeLessThan(40);
    // What is needed comes back from the file.
    const rows = await store.query<{ sum: number }>(
      'SELECT sum(number * {factor:UInt8}) AS sum FROM numbers(1000)',
      { factor: 2 },
    );
    expect(rows).toEqual([{ sum: 999_000 }]);
    expect(await residentMegabytes()).toBeGreaterThan(1);
  });

  it.each([
    ['without koffi', undefined],
    ['where the system refuses', { load: () => ({ func: () => refuse }) }],
  ])('is no reason to fail %s', async (_, koffi) => {
    vi.doMock('koffi', () => (koffi === undefined ? refuse() : { default: koffi }));
    onTestFinished(() => void vi.doUnmock('koffi'));
    await stores.bare();
    await expect(releaseStartPages()).resolves.toBeUndefined();
  });
});

describe('the configuration of the allocator', () => {
  it('is seen while the engine is loaded, and by no program that is started later', async () => {
    vi.stubEnv('JE_MALLOC_CONF', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await withSparingAllocator(async () => process.env['JE_MALLOC_CONF'])).toContain('dirty_decay_ms');
    expect(process.env).not.toHaveProperty('JE_MALLOC_CONF');
  });

  it('is left to whoever has set it', async () => {
    vi.stubEnv('JE_MALLOC_CONF', 'prof:true');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await withSparingAllocator(async () => process.env['JE_MALLOC_CONF'])).toBe('prof:true');
    expect(process.env['JE_MALLOC_CONF']).toBe('prof:true');
  });
});

function refuse(): never {
  throw new Error('not here');
}

/** Of the engine's library, pages of the file that this process has in memory. */
async function residentMegabytes(): Promise<number> {
  const smaps = await readFile('/proc/self/smaps', 'utf8');
  const entries = smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).filter((entry) => /libchdb\.so$/m.test(entry));
  const field = (entry: string, name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(entry)?.[1]);
  return entries.reduce((sum, entry) => sum + field(entry, 'Rss') - field(entry, 'Anonymous'), 0) / 1024;
}
