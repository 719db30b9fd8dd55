import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { ingestProcess } from '../pipeline/ingest-parts.ts';
import { MemoryLog, readAll } from '../pipeline/memory-log.ts';
import { steadyLog } from '../pipeline/steady-log.ts';
import { baselineOf, predictionOf } from '../support/events.ts';
import { activationOf, POLICY } from '../support/open-chunks.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';
import { type Ran, runHere } from './recorder.ts';

const BASELINE = baselineOf([0, 7].map((amount) => predictionOf({ features: { amount } })));

describe.each(STORE_KINDS)('driftd verify: %s', (kind) => {
  const stores = storesOfSuite(kind);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftd-verify-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** A store that has read a log of 140 records, in chunks of 50 and of hours. */
  async function storeWithLog(records = steadyLog(140)): Promise<Store> {
    const store = await stores.fresh();
    await saveBaseline(store, BASELINE, 'file');
    await saveActivation(store, activationOf(BASELINE));
    const limits = { maxRecords: 50, maxProfiles: 50_000, maxMinutes: 1_000 };
    await readAll(new MemoryLog(records), (await ingestProcess(store, () => POLICY, { limits })).open);
    return store;
  }

  async function verify(store: Store, ...flags: string[]): Promise<Ran> {
    const file = join(folder, `${store.database}.yaml`);
    const options = stores.options(store.database);
    const place = 'url' in options ? `url: "${options.url}"` : `path: "${options.path}"`;
    await writeFile(file, `store: { ${place}, database: ${store.database} }\n`);
    return runHere(['verify', '--config', file, ...flags]);
  }

  async function kinds(store: Store): Promise<{ code: number; kinds: string[] }> {
    const { code, stdout } = await verify(store, '--format', 'json');
    const { findings } = JSON.parse(stdout.join('\n')) as {
      findings: Array<{ kind: string; from: number; to: number }>;
    };
    return { code, kinds: findings.map(({ kind, from, to }) => `${kind} ${from}..${to}`) };
  }

  it('has nothing to say of a store that is as it should be', async () => {
    const { code, stdout, stderr } = await verify(await storeWithLog());
    expect([code, stderr]).toEqual([0, []]);
    expect(stdout).toEqual([
      expect.stringMatching(/: 5 chunks of 1 partitions checked, 0 faults, 0 known gaps, 0 possible holes$/),
    ]);
    expect(await kinds(await stores.fresh())).toEqual({ code: 0, kinds: [] });
  });

  it('names the place of each fault, says what to do, and exits with 3', async () => {
    const store = await storeWithLog();
    await store.command(
      'ALTER TABLE {database}.progress DELETE WHERE chunk_start = 50 SETTINGS mutations_sync = 1',
    );
    const { code, stdout } = await verify(store);
    expect(code).toBe(3);
    expect(stdout[0]).toMatch(/^predictions\/0 50\.\.59 gap: 10 offsets are in no chunk/);
    expect(stdout[2]).toMatch(/^predictions\/0 50\.\.59 orphan_profiles: /);
    expect(stdout[3]).toContain('chunk_start = 50');
    expect(stdout.at(-1)).toContain('2 faults, 0 known gaps, 0 possible holes');
  });

  /** As another owner would have written it who began five records earlier. */
  const overlapping = (table: string): string =>
    `INSERT INTO {database}.${table} SELECT * REPLACE (45 AS chunk_start)
     FROM (SELECT * FROM {database}.${table} FINAL WHERE chunk_start = 50)`;
  const LATER = "chunk_start = 60 AND pane = '2026-11-22 09:10:00'";
  it.each([
    [
      ['overlap 45..50', 'overlap 50..60'],
      [overlapping('progress'), overlapping('profile_parts')],
    ],
    [
      ['impossible_count 60..110'],
      ['ALTER TABLE {database}.progress UPDATE records = 51 WHERE chunk_start = 60'],
    ],
    [['wrong_count 60..110'], [`ALTER TABLE {database}.profile_parts DELETE WHERE ${LATER}`]],
    [
      ['torn_pane 60..110'],
      [`ALTER TABLE {database}.profile_parts UPDATE n = n + 1 WHERE feature = 'amount' AND ${LATER}`],
    ],
    [
      ['profiles_beyond_chunk 110..120'],
      [
        `INSERT INTO {database}.profile_parts
         SELECT * REPLACE (120 AS end_offset) FROM {database}.profile_parts FINAL WHERE ${LATER}`,
      ],
    ],
  ])('finds %j', async (expected, faults) => {
    const store = await storeWithLog();
    for (const fault of faults) await store.command(`${fault} SETTINGS mutations_sync = 1`);
    expect(await kinds(store)).toEqual({ code: 3, kinds: expected });
  });

  it('knows a gap that driftd came upon, and lets it pass where it is asked to', async () => {
    const store = await storeWithLog(steadyLog(30));
    const log = new MemoryLog(steadyLog(140).slice(45), 45);
    const limits = { maxRecords: 50, maxProfiles: 50_000, maxMinutes: 1_000 };
    await readAll(log, (await ingestProcess(store, () => POLICY, { limits })).open);
    expect(await kinds(store)).toEqual({ code: 3, kinds: ['known_gap 30..45'] });
    const { code, stdout } = await verify(store, '--allow-known-gaps');
    expect(code).toBe(0);
    expect(stdout.at(-1)).toContain('0 faults, 1 known gap, 0 possible holes');
  });

  it('is not misled by a daemon that writes while it reads', async () => {
    const store = await storeWithLog(steadyLog(10));
    const log = new MemoryLog(steadyLog(900));
    const limits = { maxRecords: 50, maxProfiles: 50_000, maxMinutes: 1_000 };
    const reading = readAll(log, (await ingestProcess(store, () => POLICY, { limits })).open, 25);
    let done = false;
    void reading.finally(() => {
      done = true;
    });
    for (let looks = 0; !done || looks < 3; looks += 1) {
      expect(await kinds(store)).toEqual({ code: 0, kinds: [] });
    }
    await reading;
  });

  it('says what to do where there are no tables, or no store', async () => {
    const missing = await verify(await stores.bare());
    expect(missing.code).toBe(2);
    expect(missing.stderr.join('\n')).toContain('driftd migrate');
    expect((await runHere(['verify', '--config', join(folder, 'none.yaml')])).code).toBe(1);
  });
});
