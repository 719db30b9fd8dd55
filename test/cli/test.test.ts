import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadRules } from '../../src/rules/load-rules.ts';
import { loadTests } from '../../src/rules/unit-test/load-tests.ts';
import { runHere } from './recorder.ts';

const SHIPPED = join(import.meta.dirname, '../../rules');

const RULES = `groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Drift, each: feature, when: psi > 0.1, severity: critical, summary: "psi {{psi}}" }]
`;

function testOf(psi: string, severity = 'critical'): string {
  return `rules: [rules.yaml]
tests:
  - name: it drifts
    features: { amount: { metrics: { psi: ${psi} } } }
    expect:
      - at: 1h
        alerts: [{ alert: Drift, labels: { severity: ${severity} } }]
`;
}

async function files(contents: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(contents)) await writeFile(join(folder, name), text);
  return folder;
}

/** Runs driftd test; times and the folder are left out of what it prints. */
async function run(
  folder: string,
  ...args: string[]
): Promise<{ code: number; stdout: string[]; stderr: string[] }> {
  const { code, stdout, stderr } = await runHere(['test', ...args, join(folder, 'tests.yaml')]);
  const plain = (lines: readonly string[]) =>
    lines.map((line) => line.replaceAll(`${folder}/`, '').replaceAll(/\d+ ms/g, '0 ms'));
  return { code, stdout: plain(stdout), stderr: plain(stderr) };
}

it('passes the tests of the rules that ship', async () => {
  const ran = await runHere(['test', join(SHIPPED, 'tests/default.yaml')]);
  expect(ran.stdout.filter((line) => !line.startsWith('ok '))).toEqual([
    '',
    expect.stringMatching(/^15 passed, 0 failed/),
  ]);
  expect(ran.code).toBe(0);
});

it('has a test that fires for every rule that ships', async () => {
  const read = (name: string) => readFile(join(SHIPPED, name), 'utf8');
  const { groups } = loadRules([{ file: 'default.yaml', text: await read('default.yaml') }], {});
  const { tests } = loadTests('tests.yaml', await read('tests/default.yaml'));
  const firing = tests.flatMap(({ expectations }) =>
    expectations.flatMap(({ alerts }) =>
      alerts.filter(({ state }) => state === 'firing').map(({ alert }) => alert),
    ),
  );
  const rules = groups.flatMap((group) => group.rules.map(({ alert }) => alert));
  expect([...new Set(firing)].sort()).toEqual(rules.sort());
});

it('prints a line for each test that passes', async () => {
  const folder = await files({ 'rules.yaml': RULES, 'tests.yaml': testOf('0.2') });
  expect(await run(folder)).toEqual({
    code: 0,
    stdout: ['ok    tests.yaml:3:11: it drifts (0 ms)', '', '1 passed, 0 failed in 0 ms'],
    stderr: [],
  });
});

it('shows what is different, and ends with 3', async () => {
  const folder = await files({ 'rules.yaml': RULES, 'tests.yaml': testOf('0.2', 'warning') });
  expect(await run(folder)).toEqual({
    code: 3,
    stdout: [
      'FAIL  tests.yaml:3:11: it drifts',
      '      at 1h (tests.yaml:6:13)',
      '          Drift firing {model="model", version="1", feature="amount", severity="critical"}',
      '        - label severity: warning',
      '        + label severity: critical',
      '',
      '0 passed, 1 failed in 0 ms',
    ],
    stderr: [],
  });
  await writeFile(join(folder, 'tests.yaml'), testOf('0.05'));
  expect((await run(folder)).stdout.slice(1, 4)).toEqual([
    '      at 1h (tests.yaml:6:13)',
    '        - Drift firing {severity="critical"}',
    '          is not there: in the newest window its condition does not hold: psi 0.05',
  ]);
});

it('prints one object as JSON when asked', async () => {
  const folder = await files({ 'rules.yaml': RULES, 'tests.yaml': testOf('0.05') });
  const { code, stdout } = await run(folder, '--format', 'json');
  expect(code).toBe(3);
  expect(JSON.parse(stdout.join(''))).toMatchObject({
    passed: 0,
    failed: 1,
    tests: [
      {
        file: 'tests.yaml',
        line: 3,
        name: 'it drifts',
        passed: false,
        mismatches: [
          {
            line: 6,
            at: '1h',
            missing: [{ alert: 'Drift', why: expect.stringContaining('psi 0.05') }],
            unexpected: [],
            different: [],
          },
        ],
      },
    ],
  });
});

it('ends with 1 when a file is wrong, be it of tests or of rules, and runs nothing', async () => {
  const folder = await files({ 'rules.yaml': RULES, 'tests.yaml': testOf('0.2 lots') });
  expect(await run(folder)).toMatchObject({
    code: 1,
    stdout: [],
    stderr: [expect.stringMatching(/^tests\.yaml:4:47: "lots" is no value/)],
  });
  await writeFile(join(folder, 'tests.yaml'), testOf('0.2'));
  await writeFile(join(folder, 'rules.yaml'), RULES.replace('psi >', 'psy >'));
  const broken = await run(folder);
  expect(broken).toMatchObject({ code: 1, stdout: [] });
  expect(broken.stderr[0]).toMatch(/rules\.yaml:5:\d+: unknown metric "psy"; did you mean "psi"\?$/);
  await rm(join(folder, 'rules.yaml'));
  expect((await run(folder)).stderr[0]).toMatch(/^tests\.yaml: no rule file fits rules\.yaml in /);
});
