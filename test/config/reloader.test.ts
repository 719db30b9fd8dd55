import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { changedInVain } from '../../src/config/reloadable.ts';
import { Reloader } from '../../src/config/reloader.ts';
import { type Settings, type Sources, settingsFrom, sourceReader } from '../../src/config/sources.ts';
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { poll } from '../support/poll.ts';

const CONFIG = `store: { path: ./data }
rules: [rules/*.yaml]
receivers: [{ name: team, webhook_configs: [{ url: http://127.0.0.1:1/ }] }]
route: { receiver: team }
`;

function rules(group: string, when = 'predictions == 0'): string {
  return `groups: [{ name: ${group}, schedule: 0 * * * *, window: 1h, rules: [{ alert: A, when: ${when} }] }]\n`;
}

let folder = '';
let read: () => Promise<Sources>;
let now = 0;
let telemetry: Telemetry;
let applied: string[] = [];
let log: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftd-reload-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'rules'));
  await writeFile(join(folder, 'driftd.yaml'), CONFIG);
  await write('rules/a.yaml', rules('first'));
  read = sourceReader(join(folder, 'driftd.yaml'), {});
  now = 1_000_000;
  telemetry = createTelemetry();
  applied = [];
  log = [];
});

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

function namesOf({ config, groups }: Settings): string {
  return `${groups.map(({ name }) => name).join(' ')} to ${config.receivers.map(({ name }) => name).join(' ')}`;
}

async function reloader(): Promise<Reloader> {
  const write = (line: string): void => {
    const { level, msg, reason = '', keys = [] } = JSON.parse(line) as LogLine;
    const where = reason.replaceAll(`${folder}/`, '');
    log.push([level, msg.split(';', 1)[0], where, ...keys].join(' ').trim());
  };
  const formatters = { level: (level: string) => ({ level }) };
  return new Reloader(await read(), {
    read,
    apply: (settings) => applied.push(namesOf(settings)),
    clock: { now: () => now },
    logger: pino({ base: null, formatters }, { write }),
    telemetry,
  });
}

interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly reason?: string;
  readonly keys?: readonly string[];
}

async function metrics(): Promise<{ successful: number | undefined; at: number | undefined }> {
  const [successful] = (await telemetry.reloadSuccessful.get()).values;
  const [at] = (await telemetry.reloadedAt.get()).values;
  return { successful: successful?.value, at: at?.value };
}

describe('a reloader', () => {
  it('does nothing while nothing changes', async () => {
    const watching = await reloader();
    for (let i = 0; i < 4; i += 1) await watching.look();
    expect([applied, log]).toEqual([[], []]);
    expect(await metrics()).toEqual({ successful: 1, at: 1_000 });
  });

  it('takes what has changed when it is the same at two looks', async () => {
    const watching = await reloader();
    await write('rules/a.yaml', rules('first', 'predictions < 1'));
    await watching.look();
    // Still being written.
    await write('rules/a.yaml', rules('second'));
    await watching.look();
    expect(applied).toEqual([]);
    now = 2_000_000;
    await watching.look();
    await watching.look();
    expect(applied).toEqual(['second to team']);
    expect(log).toEqual(['info configuration reloaded']);
    expect(await metrics()).toEqual({ successful: 1, at: 2_000 });
  });

  it('sees new files, files that are gone, and the configuration itself', async () => {
    const watching = await reloader();
    const twice = async () => {
      await watching.look();
      await watching.look();
    };
    await write('rules/b.yaml', rules('second'));
    await twice();
    await rm(join(folder, 'rules/a.yaml'));
    await twice();
    await write('driftd.yaml', CONFIG.replaceAll('team', 'others'));
    await twice();
    expect(applied).toEqual(['first second to team', 'second to team', 'second to others']);
  });

  it('follows the symbolic links of a ConfigMap, which are swapped all at once', async () => {
    const mounted = join(folder, 'rules');
    await rm(join(mounted, 'a.yaml'));
    const publish = async (revision: string): Promise<void> => {
      await mkdir(join(mounted, revision));
      await writeFile(join(mounted, revision, 'a.yaml'), rules(revision));
      await symlink(revision, join(mounted, '..data_tmp'));
      await rename(join(mounted, '..data_tmp'), join(mounted, '..data'));
    };
    await publish('..2026_11_28_1');
    await symlink('..data/a.yaml', join(mounted, 'a.yaml'));
    const watching = await reloader();
    await publish('..2026_11_28_2');
    await watching.look();
    await watching.look();
    expect(applied).toEqual(['..2026_11_28_2 to team']);
  });

  it('keeps the old when anything is wrong, and says so once', async () => {
    const watching = await reloader();
    await write('rules/b.yaml', rules('second', 'predictionz == 0'));
    for (let i = 0; i < 5; i += 1) await watching.look();
    expect(applied).toEqual([]);
    expect(log).toEqual([
      'error configuration not reloaded rules/b.yaml:1:85: unknown metric "predictionz"; did you mean "predictions"?',
    ]);
    now = 3_000_000;
    expect(await metrics()).toEqual({ successful: 0, at: 1_000 });

    await write('driftd.yaml', CONFIG.replace('route:', 'rout:'));
    for (let i = 0; i < 5; i += 1) await watching.look();
    expect(log.at(-1)).toContain('unknown key "rout"; did you mean "route"?');

    await write('driftd.yaml', CONFIG);
    await rm(join(folder, 'rules/b.yaml'));
    for (let i = 0; i < 5; i += 1) await watching.look();
    expect(log.at(-1)).toBe('info configuration reloaded');
    expect(log).toHaveLength(3);
    expect(await metrics()).toEqual({ successful: 1, at: 3_000 });
  });

  it('keeps the old when a file cannot be read', async () => {
    const watching = await reloader();
    await rm(join(folder, 'driftd.yaml'));
    for (let i = 0; i < 3; i += 1) await watching.look();
    expect(log).toHaveLength(1);
    expect(log[0]).toMatch(/^error configuration not reloaded cannot read the configuration: ENOENT/);
  });

  it('reloads at once when it is asked, and answers with what is wrong, each time', async () => {
    const watching = await reloader();
    expect(await watching.reload()).toEqual({ ok: true });
    expect(applied).toEqual(['first to team']);
    await write('rules/a.yaml', rules('second', 'predictions'));
    for (let i = 0; i < 2; i += 1) {
      expect(await watching.reload()).toEqual({
        ok: false,
        reason: expect.stringMatching(/a\.yaml:1:\d+: a condition must be true or false/),
      });
    }
    // Told already.
    await watching.look();
    await watching.look();
    expect(log.filter((line) => line.startsWith('error'))).toHaveLength(2);
    expect(applied).toHaveLength(1);
  });

  it('says which keys need a restart', async () => {
    const watching = await reloader();
    const changed = `${CONFIG.replace('./data', './elsewhere')}models: { fraud: { positive: fraud } }\n`;
    await write('driftd.yaml', changed);
    await watching.reload();
    expect(applied).toEqual(['first to team']);
    expect(log.at(-1)).toMatch(
      /^warn changed, and in force only after a restart of driftd: .* store models$/,
    );
  });

  it('looks by itself, and stops when it is told to', async () => {
    const watching = await reloader();
    watching.watch(20);
    await write('rules/a.yaml', rules('second'));
    await poll(() => applied[0], { timeoutMs: 10_000, what: 'reload' });
    watching.stop();
    expect(applied).toEqual(['second to team']);
  });
});

describe('the sources of a daemon', () => {
  it('have another digest when anything in them is different, and the same otherwise', async () => {
    const first = (await read()).digest;
    expect((await read()).digest).toBe(first);
    await write('rules/a.yaml', `${rules('first')}# a comment\n`);
    const second = (await read()).digest;
    expect(second).not.toBe(first);
    await write('driftd.yaml', `${CONFIG}# a comment\n`);
    expect((await read()).digest).toBe(second);
    await write('driftd.yaml', `${CONFIG}log: { level: debug }\n`);
    expect((await read()).digest).not.toBe(second);
  });

  it('are checked for the retraining targets that rules name', async () => {
    const text = (await readFile(join(folder, 'rules/a.yaml'), 'utf8')).replace('}] }', ', retrain: x }] }');
    await write('rules/a.yaml', text);
    const sources = await read();
    expect(() => settingsFrom(sources)).toThrow(/unknown retraining target "x"/);
  });
});

describe('changedInVain', () => {
  it('names what differs and is read at the start alone', async () => {
    const { config } = await read();
    expect(changedInVain(config, { ...config, rules: ['x'], log: { level: 'debug' } })).toEqual([]);
    expect(changedInVain(config, { ...config, http: { ...config.http, port: 1 } })).toEqual(['http']);
    const again = (await read()).config;
    expect(changedInVain(config, { ...again, route: undefined })).toEqual([]);
  });
});
