import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Sources, sourceReader } from '../../src/config/sources.ts';

const CONFIG = `store: { path: ./data }
rules: [rules/*.yaml]
receivers: [{ name: team, pagerduty_configs: [{ routing_key_file: secrets/key }] }]
route: { receiver: team }
http: { port: 8080 }
`;

let folder = '';
let read: () => Promise<Sources>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'driftd-sources-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'rules'));
  await mkdir(join(folder, 'secrets'));
  await write('driftd.yaml', CONFIG);
  await write('secrets/key', 'first');
  await write('rules/a.yaml', 'groups: []');
  read = sourceReader(join(folder, 'driftd.yaml'), {});
});

async function write(name: string, text: string): Promise<void> {
  await writeFile(join(folder, name), text);
}

function keyOf({ config }: Sources): string | undefined {
  const [receiver] = config.receivers;
  return receiver?.pagerduty_configs[0]?.routing_key;
}

describe('a reader of sources', () => {
  it('gives the same object while no file says anything else, rewritten or not', async () => {
    const before = await read();
    await write('rules/a.yaml', 'groups: []');
    await write('secrets/key', 'first');
    expect(await read()).toBe(before);
  });

  it.each([
    ['the configuration', 'driftd.yaml', CONFIG.replace('8080', '9090')],
    ['a file that an option names', 'secrets/key', 'again'],
    ['a rule file', 'rules/a.yaml', 'groups: [ ]'],
    ['which rule files there are', 'rules/b.yaml', 'groups: []'],
  ])('sees a change of %s, and its end', async (_, file, text) => {
    const before = await read();
    await write(file, text);
    const changed = await read();
    expect(changed.digest).not.toBe(before.digest);
    expect(await read()).toBe(changed);
    if (file === 'rules/b.yaml') await rm(join(folder, file));
    await write('driftd.yaml', CONFIG);
    await write('secrets/key', 'first');
    await write('rules/a.yaml', 'groups: []');
    expect((await read()).digest).toBe(before.digest);
  });

  it('does not take what a file has said for what it says', async () => {
    await read();
    await write('secrets/key', 'again');
    expect(keyOf(await read())).toBe('again');
    await write('driftd.yaml', CONFIG.replace('secrets/key', 'secrets/other'));
    await write('secrets/other', 'other');
    expect(keyOf(await read())).toBe('other');
  });

  it('says each time what is wrong, and reads on when it no longer is', async () => {
    const before = await read();
    await rm(join(folder, 'secrets/key'));
    await expect(read()).rejects.toThrow('routing_key_file: cannot be read');
    await expect(read()).rejects.toThrow('routing_key_file: cannot be read');
    await write('secrets/key', 'first');
    await write('driftd.yaml', CONFIG.replace('8080', 'many'));
    await expect(read()).rejects.toThrow('port');
    await rm(join(folder, 'driftd.yaml'));
    await expect(read()).rejects.toThrow('cannot read the configuration');
    await write('driftd.yaml', CONFIG);
    expect((await read()).digest).toBe(before.digest);
  });
});
