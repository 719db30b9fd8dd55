import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startDaemon } from '../support/daemon.ts';

/** A quarter of the real demo's traffic: enough for every hour to be judged. */
const COUNT = '80000';

async function demo(): Promise<{ code: number | null; lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-demo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const ran = await startDaemon(['demo', '--count', COUNT, '--dir', join(folder, 'demo')]);
  const { code } = await ran.exited;
  // Ports and speed differ from run to run; nothing else may.
  const lines = ran.stdout.map((line) =>
    line
      .replace(/127\.0\.0\.1:\d+/, 'ADDRESS')
      .replace(/ in [\d.]+ s: .* events\/s/, '')
      .replaceAll(folder, 'FOLDER'),
  );
  return { code, lines };
}

it('finds the three faults and nothing else, sends what it should, and repeats itself exactly', async () => {
  const first = await demo();
  expect(first.code, first.lines.join('\n')).toBe(0);
  const text = first.lines.join('\n');
  expect(text).toMatch(/amounts are 1\.8 times as large\s+FeatureDrift at 08:00/);
  expect(text).toMatch(
    /a new merchant category takes 6 % of the traffic\s+(NewCategory|FeatureDrift) at 12:00/,
  );
  expect(text).toMatch(/the model is wrong about Brazil, and no input shows it\s+AccuracyDrop at 21:00/);
  expect(text).toMatch(/AccuracyDrop at 21:00, after 7h, in country=BR/);
  const fired = first.lines.findIndex((line) => /firing +critical +AccuracyDrop/.test(line));
  expect(first.lines[fired + 1]).toMatch(/^ +Segments that got worse: country=BR [\d.]+ -> [\d.]+ % wrong/);
  expect(text).toContain('false alarms: none');
  expect(text).toContain('1 retraining request (signature checked)');
  const second = await demo();
  expect(second).toEqual(first);
  // Two whole demos.
}, 300_000);

it('does not empty a folder that is not its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-demo-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'thesis.txt'), 'three years of work');
  const ran = await startDaemon(['demo', '--dir', folder]);
  expect(await ran.exited).toMatchObject({ code: 1 });
  expect(ran.stderr.join('\n')).toContain('holds something other than an earlier demo');
});
