import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/client.ts';
import { migrate, statementsOf } from '../../src/store/migrate.ts';
import { STORE_KINDS, storesOfSuite } from '../support/stores.ts';

/** Everything that the migrations make, as the engine itself describes it. */
async function schemaOf(store: Store): Promise<Map<string, string>> {
  const rows = await store.query<{ name: string; text: string }>(
    'SELECT name, create_table_query AS text FROM system.tables WHERE database = {of:String} ORDER BY name',
    { of: store.database },
  );
  return new Map(rows.map(({ name, text }) => [name, text.replaceAll(store.database, 'db')]));
}

describe.each(STORE_KINDS)('migrations of a store: %s', (kind) => {
  const stores = storesOfSuite(kind);

  it('make the tables, and leave them alone when they run again', async () => {
    const store = await stores.bare();
    const files = await migrate(store);
    expect(files).toEqual((await readdir(new URL('../../src/store/migrations/', import.meta.url))).sort());
    const once = await schemaOf(store);
    expect([...once.keys()]).toEqual(
      expect.arrayContaining([
        'evaluations',
        'labels',
        'predictions',
        'profile_parts',
        'progress',
        'rejects',
      ]),
    );
    await store.insert('evaluations', [
      { rule_group: 'g', instant: '2026-11-22 08:00:00.000', outcome: '{}' },
    ]);

    await migrate(store);

    expect(await schemaOf(store)).toEqual(once);
    expect(await store.query('SELECT outcome FROM {database}.evaluations')).toEqual([{ outcome: '{}' }]);
  });

  it('may be run by twenty at once', async () => {
    const store = await stores.bare();
    const others = await Promise.all(Array.from({ length: 19 }, () => stores.bare(store.database)));
    await Promise.all([store, ...others].map((one) => migrate(one)));
    expect(await schemaOf(store)).toEqual(await schemaOf(await stores.fresh()));
  });

  it('finish what was left half done, and keep what is there', async () => {
    const whole = await schemaOf(await stores.fresh());
    const store = await stores.fresh();
    await store.insert('evaluations', [
      { rule_group: 'kept', instant: '2026-11-22 08:00:00.000', outcome: '{}' },
    ]);
    for (const table of ['profile_parts', 'labels', 'rejects']) {
      await store.command(`DROP TABLE {database}.${table} SYNC`);
    }
    expect((await schemaOf(store)).size).toBe(whole.size - 3);

    await migrate(store);

    expect(await schemaOf(store)).toEqual(whole);
    expect(await store.query('SELECT rule_group FROM {database}.evaluations')).toEqual([
      { rule_group: 'kept' },
    ]);
  });

  it('may run any statement twice, as after a lost answer', async () => {
    const store = await stores.bare();
    let calls = 0;
    await migrate(store, async (work) => {
      calls += 1;
      if (calls % 3 === 0) await work();
      await work();
    });
    expect(await schemaOf(store)).toEqual(await schemaOf(await stores.fresh()));
  });
});

describe('a migration', () => {
  it('is split at semicolons that end a line, without its comments', () => {
    const sql = `-- first; this;\nCREATE TABLE a\n(\n    -- of a column;\n    x String DEFAULT ';'\n);\n\nSELECT 1;\n  \n`;
    expect(statementsOf(sql)).toEqual([`CREATE TABLE a\n(\n\n    x String DEFAULT ';'\n)`, 'SELECT 1']);
  });
});
