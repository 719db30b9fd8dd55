import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dryRun } from '../../src/pipeline/dry-run.ts';
import { measureGroup } from '../../src/pipeline/measure.ts';
import { storedMeasurements } from '../../src/pipeline/stored-measurements.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { Store } from '../../src/store/client.ts';
import { readOnly } from '../../src/store/read-only.ts';
import { storeHours } from '../pipeline/hours.ts';
import { HOUR, MORNING } from '../support/events.ts';
import { POLICY } from '../support/open-chunks.ts';
import { storesOfSuite } from '../support/stores.ts';
import { runHere } from './recorder.ts';

const RULES = `groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: Drift, each: feature, when: psi_adjusted > 0.1 && q_value < 0.01, clear: 2, summary: "{{feature}} drifted" }
  - name: liveness
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: Silence, when: predictions == 0, for: 2, severity: critical, summary: nothing }
`;

/** Drift in two hours, then silence for two. */
const TRAFFIC = [0, 1, 2, 3, 4, 5, 8].map((hour) => ({ hour, shift: hour === 2 || hour === 3 ? 60 : 0 }));

describe('driftd backtest', () => {
  const stores = storesOfSuite('server');

  async function history(): Promise<{ store: Store; config: string; folder: string }> {
    const store = await stores.fresh();
    await storeHours(store, TRAFFIC);
    const folder = await mkdtemp(join(tmpdir(), 'driftd-backtest-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const config = join(folder, 'driftd.yaml');
    const { url } = stores.options(store.database) as { readonly url: string };
    await writeFile(config, `store: { url: "${url}", database: ${store.database} }\nrules: [rules.yaml]\n`);
    await writeFile(join(folder, 'rules.yaml'), RULES);
    return { store, config, folder };
  }

  /** How many rows each table has, and what they come to. */
  async function contents(store: Store): Promise<unknown> {
    const tables = await store.query<{ name: string }>(
      'SELECT name FROM system.tables WHERE database = {name:String} ORDER BY name',
      { name: store.database },
    );
    const rows = tables.map(({ name }) =>
      store.query(
        `SELECT '${name}' AS name, count() AS rows, sum(cityHash64(*)) AS hash FROM {database}.${name}`,
      ),
    );
    return [tables, await Promise.all(rows)];
  }

  it('says which alerts would have fired, and for how long, and leaves no trace', async () => {
    const { store, config } = await history();
    const before = await contents(store);
    const ran = await runHere(['backtest', '--config', config, '--to', '2026-11-22T18:00Z']);
    expect(ran.stderr).toEqual([]);
    expect(ran.stdout).toEqual([
      '2026-11-22 08:00 to 2026-11-22 18:00 UTC, 20 evaluations of 2 rule groups',
      '',
      'fired (UTC)       for  alert    severity  model  version  feature  summary',
      '2026-11-22 11:00  3h   Drift    warning   fraud  7        amount   amount drifted',
      '2026-11-22 16:00  1h   Silence  critical  fraud  7                 nothing',
      '',
      'Drift: once, 3h in all',
      'Silence: once, 1h in all',
    ]);
    expect(ran.code).toBe(0);
    expect(await contents(store)).toEqual(before);
  });

  it('tries other rules, on a part of the history, and says what goes on at its end', async () => {
    const { config, folder } = await history();
    const other = join(folder, 'other.yaml');
    await writeFile(other, RULES.replace('clear: 2', 'clear: 8').split('  - name: liveness')[0] ?? '');
    const period = ['--from', '2026-11-22T10:00Z', '--to', '2026-11-22T13:00Z'];
    const ran = await runHere([
      'backtest',
      '--config',
      config,
      '--rules',
      other,
      ...period,
      '--format',
      'json',
    ]);
    const { alerts, ...about } = JSON.parse(ran.stdout.join('')) as { alerts: object[] };
    expect(about).toEqual({
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T13:00:00.000Z',
      evaluations: 3,
    });
    expect(alerts).toEqual([
      expect.objectContaining({
        fired_at: '2026-11-22T11:00:00.000Z',
        resolved_at: null,
        seconds: 7_200,
        reason: null,
        labels: expect.objectContaining({ alertname: 'Drift', feature: 'amount' }),
      }),
    ]);
  });

  it('says so when nothing would have fired', async () => {
    const { config } = await history();
    const ran = await runHere(['backtest', '--config', config, '--to', '2026-11-22T10:00Z']);
    expect(ran).toMatchObject({ code: 0, stdout: [expect.any(String), 'no alert would have fired'] });
  });

  it('sees what the daemon has seen, step by step', async () => {
    const store = await stores.fresh();
    const directory = await storeHours(store, TRAFFIC);
    const { groups } = loadRules([{ file: 'rules.yaml', text: RULES }], {});
    const steps = async (from: Store): Promise<unknown[]> => {
      const seen: unknown[] = [];
      const measurements = storedMeasurements(from, directory, () => POLICY);
      const evaluator = await dryRun(groups, {
        begin: MORNING,
        measure: (group, instant) => measureGroup(group, instant, measurements),
        onEvaluated: (_, __, transitions) => void seen.push(...transitions),
      });
      await evaluator.evaluateUpTo(MORNING + 10 * HOUR, () => true, new AbortController().signal);
      return seen;
    };
    const all = await steps(store);
    expect(all.length).toBeGreaterThan(3);
    expect(await steps(readOnly(store))).toEqual(all);
  });

  it('refuses to write, whoever asks', async () => {
    const store = readOnly(await stores.fresh());
    await expect(store.insert('metrics', [{}])).rejects.toThrow('only to be read');
    await expect(store.command('DROP DATABASE {database}')).rejects.toThrow('only to be read');
  });

  it('says what is wrong with what it is given', async () => {
    const { config, folder } = await history();
    const run = async (...args: string[]) => {
      const { code, stderr } = await runHere(['backtest', '--config', config, ...args]);
      return [code, stderr.join('\n').replaceAll(`${folder}/`, '')];
    };
    expect(await run('--from', 'yesterday')).toEqual([
      1,
      expect.stringContaining('Expected a day or a time'),
    ]);
    expect(await run('--from', '2026-11-23', '--to', '2026-11-22')).toEqual([
      1,
      '--to must be later than --from',
    ]);
    const broken = join(folder, 'broken.yaml');
    await writeFile(broken, RULES.replace('psi_adjusted', 'psi_ajusted'));
    expect(await run('--rules', broken)).toEqual([
      1,
      expect.stringMatching(/^broken\.yaml:6:\d+: unknown metric/),
    ]);
  });

  it('finds no history where there is none, and makes none', async () => {
    const { config, folder, store } = await history();
    const { url } = stores.options('x') as { readonly url: string };
    await writeFile(config, `store: { url: "${url}", database: nobody_made_this }\nrules: [rules.yaml]\n`);
    expect(await runHere(['backtest', '--config', config])).toMatchObject({
      code: 1,
      stderr: [expect.stringMatching(/has no history in the database nobody_made_this$/)],
    });
    expect(await store.query("SELECT name FROM system.databases WHERE name = 'nobody_made_this'")).toEqual(
      [],
    );
    await writeFile(config, 'store: { path: ./nowhere }\nrules: [rules.yaml]\n');
    expect(await runHere(['backtest', '--config', config])).toMatchObject({
      code: 1,
      stderr: [`there is no store at ${join(folder, 'nowhere')}, so there is no history`],
    });
  });
});
