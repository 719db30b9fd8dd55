import { describe, expect, it } from 'vitest';
import { openColumns } from '../../../src/ingest/files/open-columns.ts';
import { readBatches, readColumns } from './read-columns.ts';
import { temporaryFile } from './temporary-file.ts';

function linesOf(...objects: unknown[]): string {
  return `${objects.map((object) => JSON.stringify(object)).join('\n')}\n`;
}

const DAY = Date.UTC(2026, 2, 2);

describe('an NDJSON file read by column', () => {
  it('has numbers, texts and other values, each in the form that suits it', async () => {
    const file = temporaryFile(
      'a.ndjson',
      linesOf(
        { n: 1, s: 'a', b: true, mixed: 1, list: [1, 2], late: null },
        { n: -2.5, s: 'b', b: false, mixed: 'x', list: null },
        { n: null, s: 'a', b: null, late: 7 },
      ),
    );
    const opened = await openColumns(file);
    expect(opened.columns).toBeUndefined();
    expect([...opened.kinds]).toEqual([
      ['n', 'numeric'],
      ['s', 'categorical'],
      ['b', 'boolean'],
      ['late', 'numeric'],
    ]);
    const { rows, types } = await readBatches(opened);
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { n: 1, s: 'a', b: 'true', mixed: 1, list: [1, 2], late: null },
      { n: -2.5, s: 'b', b: 'false', mixed: 'x', list: null, late: null },
      { n: null, s: 'a', b: null, mixed: null, list: null, late: 7 },
    ]);
    expect(Object.fromEntries(Object.entries(types).map(([name, set]) => [name, [...set]]))).toEqual({
      n: ['numbers'],
      s: ['codes'],
      b: ['codes'],
      mixed: ['values'],
      list: ['values'],
      late: ['numbers'],
    });
  });

  it('leaves out a column that has no value', async () => {
    const { rows } = await readColumns(temporaryFile('a.ndjson', linesOf({ a: 1, b: null }, {})));
    expect(rows.map((row) => ({ ...row }))).toEqual([{ a: 1 }, { a: null }]);
  });

  it('takes the features of events for columns, and what else they say under its name', async () => {
    const event = { model: 'm', prediction_id: 'p', probabilities: { x: 1 } };
    const file = temporaryFile(
      'events.jsonl.gz',
      linesOf(
        { ...event, timestamp: DAY, features: { amount: 5, score: 'own' }, prediction: 'x', score: 0.9 },
        { ...event, timestamp: DAY + 1, features: { amount: 6 }, prediction: 'y', score: 0.1, label: 'y' },
        { ...event, timestamp: DAY + 2, features: {}, version: '7' },
      ),
    );
    const opened = await openColumns(file);
    expect(opened.kinds.get('timestamp')).toBe('time');
    expect((await readBatches(opened)).rows.map((row) => ({ ...row }))).toEqual([
      { amount: 5, score: 'own', prediction: 'x', label: null, timestamp: DAY, version: null },
      { amount: 6, score: 0.1, prediction: 'y', label: 'y', timestamp: DAY + 1, version: null },
      { amount: null, score: null, prediction: null, label: null, timestamp: DAY + 2, version: '7' },
    ]);
  });

  it('reads text as time when all of the first rows are times, or when it is told to', async () => {
    const file = temporaryFile(
      'a.ndjson',
      linesOf({ at: '2026-03-02', x: '2026-03-02' }, { at: 'soon', x: DAY }),
    );
    expect([...(await openColumns(file, { sampleRows: 1 })).kinds.values()]).toEqual(['time', 'time']);
    const { rows, invalid } = await readColumns(file, { sampleRows: 1 });
    expect(rows.map((row) => ({ ...row }))).toEqual([
      { at: DAY, x: DAY },
      { at: null, x: DAY },
    ]);
    expect(invalid).toEqual({ at: 1, x: 0 });
    const told = new Map([
      ['at', 'categorical'],
      ['x', 'time'],
    ] as const);
    expect((await readColumns(file, { kinds: told })).rows.map((row) => ({ ...row }))).toEqual([
      { at: '2026-03-02', x: DAY },
      { at: 'soon', x: DAY },
    ]);
  });

  it('has batches that begin at lines, and may be read twice', async () => {
    const opened = await openColumns(temporaryFile('a.ndjson', '{"x":1}\n\n'.repeat(10_000)));
    for (let pass = 0; pass < 2; pass += 1) {
      const { rows, firstLines } = await readBatches(opened);
      expect(rows).toHaveLength(10_000);
      expect(firstLines).toEqual([1, 1 + 2 * 8_192]);
    }
    for await (const _ of opened.batches()) break;
    expect(opened.progress().total).toBe(90_000);
  });

  it('has smaller batches when rows bring many names', async () => {
    const objects = Array.from({ length: 120 }, (_, row) =>
      Object.fromEntries(Array.from({ length: 100 }, (__, i) => [`c${row * 100 + i}`, i])),
    );
    const { firstLines } = await readColumns(temporaryFile('a.ndjson', linesOf(...objects)));
    expect(firstLines.length).toBeGreaterThan(1);
  });

  it('may have columns called __proto__ and constructor', async () => {
    const file = temporaryFile('a.ndjson', '{"__proto__":1,"constructor":2}\n{"features":{"__proto__":3}}\n');
    const { rows } = await readColumns(file);
    expect(rows.map((row) => Object.entries(row))).toEqual([
      [
        ['__proto__', 1],
        ['constructor', 2],
      ],
      [
        ['__proto__', 3],
        ['constructor', null],
      ],
    ]);
  });

  it('may be empty', async () => {
    for (const text of ['', '\n\n']) {
      expect((await readColumns(temporaryFile('a.ndjson', text))).firstLines).toEqual([]);
    }
  });

  it.each([
    ['{"a":1}\n{"a":\n', ':2: not JSON: '],
    ['{"a":1}\n7\n', ':2: expected a JSON object'],
    ['[{"a":1},{"a":2}]\n', ':1: expected a JSON object; one object must stand on each line'],
  ])('with %j is refused with the line', async (text, message) => {
    await expect(readColumns(temporaryFile('broken.ndjson', text))).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(message),
    });
  });
});
