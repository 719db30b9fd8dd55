import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory, temporaryFile } from '../ingest/files/temporary-file.ts';
import { csvOf, ndjsonOf, normals, type Table } from '../pipeline/compare/tables.ts';
import { runHere } from './recorder.ts';

const N = 400;

function table(seed: number, shift: number): Table {
  return [
    ['still', normals(seed, N)],
    ['amount', normals(seed + 1, N, shift)],
  ];
}

const reference = (): string => temporaryFile('reference.csv', csvOf(table(1, 0)));
const steady = (): string => temporaryFile('steady.ndjson', ndjsonOf(table(3, 0)));
const drifted = (): string => temporaryFile('drifted.csv.gz', csvOf(table(3, 1)));

describe('driftd compare', () => {
  it('ends with 0 and a verdict when nothing drifted', async () => {
    const ran = await runHere(['compare', '--reference', reference(), '--current', steady()]);
    expect(ran.code).toBe(0);
    expect(ran.stdout.at(-1)).toBe('no drift in 2 features');
    expect(ran.stderr).toEqual([]);
  });

  it('ends with 3 when something drifted, and shows it first', async () => {
    const ran = await runHere(['compare', '--reference', reference(), '--current', drifted()]);
    expect(ran.code).toBe(3);
    expect(ran.stdout.at(-1)).toBe('1 of 2 features drifted: amount');
    expect(ran.stdout[0]).toMatch(/^reference {2}.*reference\.csv, 400 rows$/);
    expect(ran.stdout[4]).toMatch(/^! amount +numeric +[\d.]+ +[\d.]+ +[\d.]+e-\d+ +0% {2}[ ▁▂▃▄▅▆▇█]+$/);
    expect(ran.stdout[5]).toMatch(/^ {4}FeatureDrift: median -?0\.\d+ -> [01].*[▁▂▃▄▅▆▇█]$/);
  });

  it('prints one JSON object and nothing else', async () => {
    const args = ['compare', '--reference', reference(), '--current', drifted(), '--format', 'json'];
    const { code, stdout, stderr } = await runHere(args);
    expect(code).toBe(3);
    expect(stderr).toEqual([]);
    expect(stdout).toHaveLength(1);
    expect(JSON.parse(stdout[0] ?? '')).toMatchObject({
      reference_rows: N,
      current_rows: N,
      drifted_features: ['amount'],
    });
  });

  it('writes a report whose form its name tells', async () => {
    const folder = temporaryDirectory();
    const args = ['compare', '--reference', reference(), '--current', drifted(), '--out'];
    const page = await runHere([...args, join(folder, 'report.html')]);
    expect(page).toEqual({
      code: 3,
      stdout: [`1 of 2 features drifted: amount (${join(folder, 'report.html')})`],
      stderr: [],
    });
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
    const json = await runHere([...args, join(folder, 'report.json')]);
    expect(json).toEqual({ code: 3, stdout: [], stderr: [] });
    expect(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))).toHaveProperty('features.amount');
    await runHere([...args, join(folder, 'report.txt')]);
    expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toMatch(/amount (.|\n)*drifted: amount\n$/);
  });

  it('says before it begins that there is no folder for the report', async () => {
    const out = join(temporaryDirectory(), 'nowhere', 'report.html');
    const ran = await runHere(['compare', '--reference', 'no.csv', '--current', 'no.csv', '--out', out]);
    expect(ran.code).toBe(1);
    expect(ran.stderr[0]).toMatch(/^--out: there is no folder .*nowhere$/);
  });

  it('judges by the rules that are named', async () => {
    const rules = join(temporaryDirectory(), 'rules.yaml');
    const write = (when: string): void =>
      writeFileSync(
        rules,
        `groups:
  - name: mine
    models: [another]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: MeanMoved
        each: feature
        features: [still]
        when: ${when}
        for: 3
`,
      );
    const args = ['compare', '--reference', reference(), '--current', drifted(), '--rules', rules];
    write('mean > baseline.mean || mean <= baseline.mean');
    expect((await runHere(args)).stdout.at(-1)).toBe('1 of 2 features drifted: still');
    write('mean > 100');
    expect((await runHere(args)).code).toBe(0);
    write('mena > 100');
    const faulty = await runHere(args);
    expect(faulty.code).toBe(1);
    expect(faulty.stderr[0]).toBe(`${rules}:10:15: unknown metric "mena"; did you mean "mean"?`);
  });

  it('takes names separated by commas, repeated, or both', async () => {
    const wide = temporaryFile(
      'w.csv',
      csvOf(['a', 'b', 'c', 'd'].map((name, i) => [name, normals(i, 50).map((x) => Math.round(x))])),
    );
    const ran = await runHere([
      ...['compare', '--reference', wide, '--current', wide, '--format', 'json'],
      ...['--categorical', 'a, b', '--categorical', 'c', '--ignore', 'd'],
    ]);
    const { features } = JSON.parse(ran.stdout[0] ?? '') as { features: Record<string, { kind: string }> };
    expect(Object.entries(features).map(([name, { kind }]) => [name, kind])).toEqual([
      ['a', 'categorical'],
      ['b', 'categorical'],
      ['c', 'categorical'],
    ]);
  });

  it.each([
    [['--reference', 'no-such.csv', '--current', 'c.csv'], 'no-such.csv: there is no such file'],
    [['--reference', 'data.txt', '--current', 'c.csv'], 'data.txt: cannot tell the format from the name'],
    [['--current', 'c.csv'], "error: required option '--reference <files...>' not specified"],
    [['--format', 'pdf'], "error: option '--format <format>' argument 'pdf' is invalid"],
    [['--threshold', 'high'], "error: option '--threshold <score>' argument 'high' is invalid"],
    [
      ['--reference', 'a.csv', '--current', 'c.csv', '--label', 'x', '--ignore', 'x'],
      '"x" is named twice, by --label and by --ignore; name it once',
    ],
  ])('ends with 1 and says what is wrong: %s', async (args, message) => {
    const ran = await runHere(['compare', ...args]);
    expect(ran.code).toBe(1);
    expect(ran.stderr.join('\n')).toContain(message);
  });
});
