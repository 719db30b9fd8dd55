import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startApi } from '../http/api-server.ts';
import { runHere } from './recorder.ts';

const USER = { USER: 'ada' };

describe('driftd silence', () => {
  it('adds, lists and expires by way of a daemon', async () => {
    // A little ahead, since its clock stands still.
    const { url, memory } = await startApi(Date.now() + 5_000);
    const added = await runHere(
      [
        'silence',
        'add',
        'FeatureDrift',
        'model=fraud',
        'feature=~"am.*"',
        '--comment',
        'migration',
        '--duration',
        '2h',
        '--url',
        url,
      ],
      USER,
    );
    expect(added).toMatchObject({ code: 0, stdout: ['id-1'], stderr: [] });
    const [row] = memory.silences.values();
    expect(row).toMatchObject({ createdBy: 'ada', comment: 'migration' });
    expect((row?.endsAt ?? 0) - Date.now()).toBeGreaterThan(110 * 60_000);

    const listed = await runHere(['silence', 'list', '--url', url]);
    expect(listed.stdout).toEqual([
      expect.stringMatching(
        /^id-1 {2}active {3}until \d{4}-\d\d-\d\d \d\d:\d\d UTC {2}alertname="FeatureDrift" model="fraud" feature=~"am\.\*" {2}ada: migration$/,
      ),
    ]);
    memory.now += 1_000;
    expect(await runHere(['silence', 'expire', 'id-1', '--url', url])).toMatchObject({ code: 0 });
    expect((await runHere(['silence', 'list', '--url', url])).stdout).toEqual([]);
    const all = await runHere(['silence', 'list', '--expired', '--format', 'json', '--url', url]);
    expect(JSON.parse(all.stdout[0] ?? '')).toMatchObject([{ id: 'id-1', status: { state: 'expired' } }]);
  });

  it('lets no name in a list command the terminal', async () => {
    const { url } = await startApi(Date.now());
    const add = ['silence', 'add', 'model=\u001b[2Jfraud', '--comment', 'one\nid-9 expired', '--url', url];
    expect(await runHere(add, USER)).toMatchObject({ code: 0 });
    const { stdout } = await runHere(['silence', 'list', '--url', url]);
    expect(stdout).toHaveLength(1);
    expect(stdout[0]).toContain('\\u001b[2Jfraud');
    expect(stdout[0]).toContain('ada: one\\u000aid-9 expired');
  });

  it('finds the daemon of an embedded store through the configuration', async () => {
    const { url } = await startApi(Date.now());
    const folder = await mkdtemp(join(tmpdir(), 'driftd-silence-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const config = join(folder, 'driftd.yaml');
    await writeFile(config, `store: { path: ./store }\nhttp: { port: ${new URL(url).port} }\n`);
    const add = ['silence', 'add', 'model=fraud', '--comment', 'x', '--author', 'grace', '--config', config];
    expect(await runHere(add)).toMatchObject({ code: 0, stdout: ['id-1'] });
    expect((await runHere(['silence', 'list', '--config', config])).stdout).toHaveLength(1);
  });

  it.each([
    ['no place', ['silence', 'list'], 1, 'say where: --config FILE, or --url'],
    [
      'a word that is no matcher',
      ['silence', 'add', 'a', 'b', '--comment', 'x', '--url', 'http://127.0.0.1:1'],
      1,
      '"b" is not a matcher',
    ],
    [
      'a duration that is none',
      ['silence', 'add', 'a=b', '--comment', 'x', '--duration', 'long', '--url', 'http://127.0.0.1:1'],
      1,
      '--duration: expected a duration',
    ],
    [
      'an instant that is none',
      ['silence', 'add', 'a=b', '--comment', 'x', '--end', 'tomorrow', '--url', 'http://127.0.0.1:1'],
      1,
      '--end: expected an instant',
    ],
    [
      'nobody there',
      ['silence', 'list', '--url', 'http://127.0.0.1:1'],
      2,
      'no driftd answers at http://127.0.0.1:1',
    ],
  ])('says what is wrong with %s', async (_, argv, code, message) => {
    const ran = await runHere(argv, USER);
    expect(ran).toMatchObject({ code, stderr: [expect.stringContaining(message)] });
  });

  it('passes on what the daemon refuses, and wants to know who asks', async () => {
    const { url } = await startApi(Date.now());
    const everything = ['silence', 'add', 'model=~.*', '--comment', 'x', '--url', url];
    expect(await runHere(everything, USER)).toMatchObject({
      code: 1,
      stderr: [expect.stringContaining('every alert would be silenced')],
    });
    expect(await runHere(everything)).toMatchObject({
      code: 1,
      stderr: [expect.stringContaining('--author NAME')],
    });
    expect(await runHere(['silence', 'expire', 'nobody', '--url', url])).toMatchObject({
      code: 1,
      stderr: [expect.stringContaining('there is no silence nobody')],
    });
  });
});

describe('driftd ack', () => {
  it('acknowledges by matchers or fingerprint, lists, and takes back', async () => {
    const { url } = await startApi(Date.now());
    const add = async (...words: string[]) => runHere(['ack', 'add', ...words, '--url', url], USER);
    expect(await add('model=fraud', '--comment', 'on it')).toMatchObject({ code: 0, stdout: ['id-1'] });
    expect(await add('--fingerprint', 'f1')).toMatchObject({ code: 0, stdout: ['id-2'] });
    expect(await add()).toMatchObject({ code: 1, stderr: [expect.stringContaining('must hold a matcher')] });
    const listed = await runHere(['ack', 'list', '--url', url]);
    expect(listed.stdout.map((line) => line.replace(/\d{4}-\S+ \S+ UTC/, 'WHEN'))).toEqual([
      'id-1  WHEN  model="fraud"  ada: on it',
      'id-2  WHEN  f1  ada',
    ]);
    expect(await runHere(['ack', 'expire', 'id-1', 'id-2', '--url', url])).toMatchObject({ code: 0 });
    expect((await runHere(['ack', 'list', '--format', 'json', '--url', url])).stdout).toEqual(['[]']);
  });
});
