import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROCESS = fileURLToPath(new URL('./flood-process.ts', import.meta.url));
/** JavaScript's own heap: Node ends the process that needs more. */
const HEAP_MEGABYTES = 256;
/** Of which the embedded engine alone takes more than 300. */
const PEAK_MEGABYTES = 900;

interface Survived {
  readonly healthy: number;
  readonly profiles: ReadonlyArray<{
    model: string;
    feature: string;
    n: number;
    missing: number;
    invalid: number;
  }>;
  readonly overflow: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  readonly rejectRows: ReadonlyArray<{ reason: string; rows: number }>;
  readonly metricsBytes: number;
  readonly peak: number;
}

describe('a process that is flooded with names, categories, models, versions, keys, long texts, garbage and ids', () => {
  let folder: string;
  let survived: Survived;
  let steps: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftd-flood-'));
    const args = [
      `--max-old-space-size=${HEAP_MEGABYTES}`,
      '--import',
      'tsx',
      PROCESS,
      join(folder, 'store'),
    ];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1_000_000 });
    survived = JSON.parse(stdout) as Survived;
    steps = stderr;
  }, 600_000);
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const profileOf = (model: string, feature: string) =>
    survived.profiles.find((profile) => profile.model === model && profile.feature === feature);

  it(`takes no more than ${HEAP_MEGABYTES} MB of heap, and ${PEAK_MEGABYTES} MB in all`, () => {
    expect(survived.peak / 1e6, steps).toBeLessThan(PEAK_MEGABYTES);
  });

  it('counts every event of a model beside it', () => {
    expect(survived.healthy).toBeGreaterThan(300);
    expect(profileOf('healthy', 'amount')).toMatchObject({ n: survived.healthy, missing: 0, invalid: 0 });
  });

  it('counts what went beyond each bound', () => {
    const { overflow } = survived;
    expect(overflow['categories']).toBeGreaterThan(8_000 * 25 - 20_000 - 1);
    expect(overflow['versions']).toBeGreaterThan(95_000);
    expect(overflow['models']).toBeGreaterThan(95_000);
    expect(overflow['features']).toBe(1);
  });

  it('keeps a bounded number of rows of garbage', () => {
    const rejected = survived.rejected['not_json'] ?? 0;
    const rows = survived.rejectRows.find(({ reason }) => reason === 'not_json')?.rows ?? 0;
    expect(rejected).toBeGreaterThan(2_000);
    // A thousand of the chunk that is full of it, and what others had.
    expect(rows).toBeLessThan(1_010);
    expect(rows + (survived.overflow['rejects'] ?? 0)).toBe(rejected);
  });

  it('has no metric of its own for what a producer makes up', () => {
    expect(survived.metricsBytes).toBeLessThan(30_000);
  });

  it('counts numbers that are none as invalid, and takes any name for a name', () => {
    // Of ten, one is no JSON: NaN. Two are beyond a double, two are texts, one is an object, one is null.
    expect(profileOf('odd', 'x')).toMatchObject({ n: 300, missing: 100, invalid: 500 });
    expect(profileOf('odd', 'c')).toMatchObject({ n: 900, missing: 0, invalid: 0 });
    expect(profileOf('odd', '__proto__')).toMatchObject({ n: 900 });
    expect(profileOf('odd', 'constructor')).toMatchObject({ n: 900 });
  });
});
