import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config/load.ts';
import { readCompose, readRepository } from './compose-file.ts';

const FILE = 'deploy/driftd.yaml';

describe('the configuration of the demonstration', () => {
  it('is one that driftd takes, in the environment that the compose file gives it', async () => {
    const { services } = await readCompose();
    const given = Object.entries(services['driftd']?.environment ?? {});
    const environment = Object.fromEntries(given.map(([name, value]) => [name, defaultOf(value)]));
    const { config, faults } = checkConfig(FILE, await readRepository(FILE), environment);
    expect(faults).toEqual([]);
    expect(config?.store).toMatchObject({ url: 'http://clickhouse:8123' });
  });

  it('names each secret, so that one that is not set is found before anything starts', async () => {
    const { faults } = checkConfig(FILE, await readRepository(FILE), {});
    expect(faults.map(({ message }) => message)).toEqual([
      'the environment variable DRIFTD_CLICKHOUSE_PASSWORD is not set',
      'the environment variable DRIFTD_RETRAINING_SECRET is not set',
    ]);
  });
});

/** `${NAME:-default}` as Compose resolves it when NAME is not set. */
function defaultOf(value: string): string {
  return value.replace(/^\$\{\w+:-([^}]*)\}$/, '$1');
}
