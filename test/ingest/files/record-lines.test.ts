import { describe, expect, it } from 'vitest';
import { openRecordLines } from '../../../src/ingest/files/record-lines.ts';
import { collect } from './read-all.ts';
import { temporaryFile } from './temporary-file.ts';

describe('the events in a file', () => {
  it.each(['events.ndjson', 'events.jsonl.gz'])(
    'of %s come as raw bytes with line and offset',
    async (name) => {
      const opened = await openRecordLines(temporaryFile(name, '{"a":1}\r\n\nnot json\n{"é":2}'), 1_000);
      const lines = await collect(opened.lines);
      expect(lines.map(({ line, offset, value }) => [line, offset, value.toString()])).toEqual([
        [1, 0, '{"a":1}'],
        [3, 10, 'not json'],
        [4, 19, '{"é":2}'],
      ]);
      const { done, total } = opened.progress();
      expect(done).toBe(total);
    },
  );

  it('are cut one byte beyond the limit, so that the decoder sees that they are too large', async () => {
    const opened = await openRecordLines(temporaryFile('events.ndjson', `${'x'.repeat(50_000)}\n{}\n`), 100);
    expect((await collect(opened.lines)).map(({ value }) => value.length)).toEqual([101, 2]);
  });

  it('can be read a second time', async () => {
    const opened = await openRecordLines(temporaryFile('events.ndjson.gz', '{}\n{}\n'), 100);
    expect(await collect(opened.lines)).toHaveLength(2);
    expect(await collect(opened.lines)).toHaveLength(2);
  });

  it('are looked for in NDJSON files only', async () => {
    await expect(openRecordLines(temporaryFile('events.csv', 'a\n1\n'), 100)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('.ndjson, .jsonl or .json'),
    });
  });
});
