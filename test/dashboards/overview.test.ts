import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dashboardFiles } from '../../dashboards/generate.ts';
import { overviewDashboard } from '../../dashboards/overview.ts';
import type { Store } from '../../src/store/client.ts';
import { type Choice, expandMacros } from './grafana-macros.ts';
import { REFERENCE, storeWithHistory } from './store-with-history.ts';

interface Query {
  readonly name: string;
  readonly rawSql: string;
  readonly format: number;
}

const dashboard = JSON.parse(JSON.stringify(overviewDashboard())) as {
  uid: string;
  panels: Array<{
    id: number;
    type: string;
    title: string;
    description?: string;
    targets?: Omit<Query, 'name'>[];
  }>;
  templating: { list: Array<{ name: string; type: string; query: { rawSql: string } }> };
  annotations: { list: Array<{ name: string; target: { rawSql: string } }> };
};
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const panelQueries: Query[] = panels.flatMap(({ title, targets = [] }) =>
  targets.map((target, i) => ({ ...target, name: i === 0 ? title : `${title} (${i + 1})` })),
);
const otherQueries: Query[] = [
  ...dashboard.templating.list
    .filter(({ type }) => type === 'query')
    .map(({ name, query }) => ({ name: `variable ${name}`, rawSql: query.rawSql, format: 1 })),
  ...dashboard.annotations.list.map(({ name, target }) => ({ name, rawSql: target.rawSql, format: 1 })),
];
const queries = [...panelQueries, ...otherQueries];

const everything: Choice = {
  from: new Date('2026-11-22T12:00:00Z'),
  to: new Date('2026-11-22T18:00:00Z'),
  intervalSeconds: 300,
  variables: { model: 'All', version: 'All', feature: 'All', against: ['baseline'] },
};
const narrowed: Choice = {
  ...everything,
  variables: { model: ['fraud', "o'hare"], version: ['7'], feature: ['f01', 'f02'], against: ['baseline'] },
};

describe('the overview dashboard', () => {
  it('is committed as the code makes it', async () => {
    for (const { path, text } of dashboardFiles()) {
      expect(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')).toBe(text);
    }
  });

  it('says in words what each panel shows', () => {
    for (const { title, description } of panels) expect(description, title).toMatch(/^\S.{20,}\.$/s);
  });

  it('gives every query a name of its own', () => {
    expect(new Set(queries.map(({ name }) => name)).size).toBe(queries.length);
  });

  it('numbers its panels without repeats, and lets none overlap another', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = overviewDashboard().panels?.flatMap(({ gridPos }) => cellsOf(gridPos)) ?? [];
    expect(cells.length).toBeGreaterThan(24);
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('reads from the data source that is chosen and from no other', () => {
    const sources = datasourcesIn(dashboard);
    expect(sources.length).toBeGreaterThan(panels.length);
    for (const source of sources) {
      expect(source).toEqual({ type: 'grafana-clickhouse-datasource', uid: `\${datasource}` });
    }
  });

  it.each(queries)('bounds "$name" in time', ({ rawSql }) => {
    expect(rawSql).toMatch(/\$__timeFilter\(|<= \$__toTime/);
  });
});

describe('the queries of the overview, on a store with history', () => {
  let store: Store;
  let remove: () => Promise<void> = async () => {};

  beforeAll(async () => {
    ({ store, remove } = await storeWithHistory());
  });
  afterAll(() => remove());

  const run = (name: string, choice: Choice): Promise<Record<string, unknown>[]> => {
    const query = queries.find((candidate) => candidate.name === name);
    if (query === undefined) throw new Error(`no query is called "${name}"`);
    // Grafana's data source has a default database; the embedded engine wants to be told.
    return store.query(`USE {database}; ${expandMacros(query.rawSql, choice)}`);
  };

  it.each(queries)(
    '"$name" runs, finds something, and knows no macro that is not expanded',
    async ({ name, rawSql }) => {
      expect(expandMacros(rawSql, everything)).not.toContain('$');
      expect(await run(name, everything)).not.toHaveLength(0);
      expect(await run(name, narrowed)).not.toHaveLength(0);
    },
  );

  it.each(panelQueries.filter(({ format }) => format === 0))(
    '"$name" gives numbers in the order of time, as a time series must',
    async ({ name }) => {
      const rows = await run(name, everything);
      const times = rows.map((row) => String(row['time']));
      expect(times).toEqual(times.toSorted());
      for (const { Value: value } of rows) expect(value).toBeTypeOf('number');
    },
  );

  it('lists models with their volume, baseline and firing alerts; one that learns too', async () => {
    expect(await run('Models', everything)).toEqual([
      model('fraud', '7', 300, '13:05', REFERENCE.id, 1),
      model('churn', '1', 40, '13:00', 'for-all-versions', 0),
      model('novice', '1', 0, '13:30', 'learning', 0),
    ]);
  });

  it('counts a chunk that was flushed twice once', async () => {
    expect(await run('Predictions over time', narrowed)).toEqual([
      { time: '2026-11-22 13:00:00', series: 'fraud/7', Value: 250 },
      { time: '2026-11-22 13:05:00', series: 'fraud/7', Value: 50 },
    ]);
  });

  it('shows ten features over time, not the two that moved least, and only against the chosen reference', async () => {
    const rows = await run('Worst features', everything);
    const series = new Set(rows.map((row) => row['series']));
    expect(series.size).toBe(10);
    expect(series).not.toContain('fraud/7 f02');
    expect(series).not.toContain('fraud/7 f03');
    expect(Math.max(...rows.map((row) => Number(row['Value'])))).toBe(0.4);
  });

  it('lists the newest window with the worst feature first and those without data last', async () => {
    const rows = await run('Newest window of each model', everything);
    expect(
      rows.map((row) => [
        row['Feature'],
        row['psi_adjusted'],
        row['q_value'],
        row['ks'],
        row['Missing'],
        row['Status'],
      ]),
    ).toEqual([
      ['f01', 0.4, 1e-12, 0.3, 0.25, 'ok'],
      ['f02', null, null, null, null, 'no_data'],
    ]);
  });

  it('puts the accuracy of the shortest window beside that of the baseline', async () => {
    const measured = await run('Accuracy and F1', everything);
    expect(measured.map((row) => [row['series'], row['Value']])).toEqual([
      ['fraud/7 accuracy', 0.96],
      ['fraud/7 accuracy', 0.71],
      ['fraud/7 f1', 0.4],
    ]);
    const reference = await run('Accuracy and F1 (2)', everything);
    expect(reference.map((row) => [row['series'], row['Value']])).toEqual([
      ['fraud/7 accuracy baseline', 0.97],
      ['fraud/7 accuracy baseline', 0.97],
      ['fraud/7 f1 baseline', 0.81],
    ]);
  });

  it('puts the band of an estimate, where it has one, and the realised accuracy beside it', async () => {
    const estimated = await run('Estimated and realised accuracy', everything);
    expect(estimated.map((row) => [row['series'], row['Value']])).toEqual([
      ['fraud/7 estimated', 0.95],
      ['fraud/7 estimated, least', 0.93],
      ['fraud/7 estimated, most', 0.97],
      ['fraud/7 estimated', 0.94],
    ]);
    const realised = await run('Estimated and realised accuracy (2)', everything);
    expect(realised.map((row) => [row['series'], row['Value']])).toEqual([
      ['fraud/7 realised', 0.96],
      ['fraud/7 realised', 0.71],
    ]);
  });

  it('shows the errors of a stream, and what was detected in it, the newest first', async () => {
    const errors = await run('Errors in the stream', everything);
    expect(errors.map((row) => row['Value'])).toEqual([0.05, 0.4]);
    const changes = await run('Changes in the stream of errors', everything);
    expect(changes.map((row) => row['Detector'])).toEqual(['ddm', 'adwin']);
  });

  it('begins the states of alerts with what they were at the start of the chosen time', async () => {
    const rows = await run('Alert states', everything);
    expect(rows.map((row) => [String(row['time']).slice(11, 16), row['series'], row['Value']])).toEqual([
      ['12:00', 'FeatureDrift fraud/7 amount', 2],
      ['14:00', 'AccuracyDrop fraud/7', 1],
      ['15:00', 'AccuracyDrop fraud/7', 2],
      ['16:00', 'AccuracyDrop fraud/7', 0],
    ]);
  });

  it('lists alerts that still fire before those that resolved, and forgets older ones', async () => {
    const rows = await run('Alerts', everything);
    expect(rows.map((row) => [row['State'], row['Alert'], row['Summary']])).toEqual([
      ['firing', 'FeatureDrift', 'FeatureDrift is firing'],
      ['resolved', 'AccuracyDrop', 'AccuracyDrop is resolved'],
    ]);
    expect(await run('Firing alerts', everything)).toEqual([{ firing: 1 }]);
  });

  it('counts a notification under its newest status alone', async () => {
    expect(await run('Notifications', everything)).toEqual([
      { time: '2026-11-22 15:00:00', series: 'sent', Value: 1 },
    ]);
  });
});

function model(
  name: string,
  version: string,
  predictions: number,
  seen: string,
  baseline: string,
  firing: number,
): object {
  return {
    Model: name,
    Version: version,
    Predictions: predictions,
    'Last seen': `2026-11-22 ${seen}:00.000`,
    Baseline: baseline,
    'Firing alerts': firing,
  };
}

function cellsOf(position: { x: number; y: number; w: number; h: number } | undefined): string[] {
  if (position === undefined) throw new Error('a panel has no place');
  const { x, y, w, h } = position;
  return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
}

/** Every `datasource` of a ClickHouse query, panel, variable or annotation, wherever it stands. */
function datasourcesIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'datasource' ? [inner] : datasourcesIn(inner),
  );
}
