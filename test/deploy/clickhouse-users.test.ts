import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/client.ts';
import { readCompose, readRepository, readYamlFile } from './compose-file.ts';

const FOLDER = 'deploy/clickhouse/users.d';
const driftd = await readRepository(`${FOLDER}/driftd.xml`);
const grafana = await readRepository(`${FOLDER}/grafana.xml`);

describe('the ClickHouse users', () => {
  let store: Store;
  let path: string;

  beforeAll(async () => {
    path = await mkdtemp(join(tmpdir(), 'driftd-users-'));
    store = await openStore({ path, database: 'driftd' });
  });
  afterAll(async () => {
    await store.close();
    await rm(path, { recursive: true, force: true });
  });

  it.each([
    ['driftd', driftd],
    ['grafana', grafana],
  ])('%s is granted rights in words that ClickHouse knows', async (user, xml) => {
    const grants = textsOf(xml, 'query');
    expect(grants).not.toHaveLength(0);
    for (const grant of grants) {
      const [row] = await store.query<{ grant: string }>(
        'SELECT formatQuerySingleLine({query:String}) AS grant',
        {
          query: `${grant} TO ${user}`,
        },
      );
      expect(row?.grant).toBe(`${grant} TO ${user}`);
    }
  });

  it("lets Grafana read driftd's tables and nothing more", () => {
    expect(textsOf(grafana, 'query')).toEqual(['GRANT SELECT ON driftd.*']);
    expect(textsOf(grafana, 'readonly')).toEqual(['1']);
    expect(textsOf(grafana, 'profile')).toEqual(['grafana']);
  });

  it('limits both to the database of the demonstration', async () => {
    const config = await readYamlFile<{ store: { database: string; username: string } }>(
      'deploy/driftd.yaml',
    );
    const { datasources } = await readYamlFile<{
      datasources: Array<{ jsonData: { defaultDatabase: string; username: string } }>;
    }>('deploy/grafana/provisioning/datasources/clickhouse.yaml');
    expect(config.store).toMatchObject({ database: 'driftd', username: 'driftd' });
    expect(datasources[0]?.jsonData).toMatchObject({ defaultDatabase: 'driftd', username: 'grafana' });
    expect(driftd).toContain('<driftd>');
    expect(grafana).toContain('<grafana>');
  });

  it('takes passwords from variables that the server is given', async () => {
    const { services } = await readCompose();
    for (const xml of [driftd, grafana]) {
      const variables = [...xml.matchAll(/<password from_env="(\w+)"\/>/g)].map(
        (match) => match[1] as string,
      );
      expect(variables).toHaveLength(1);
      for (const variable of variables) expect(services['clickhouse']?.environment).toHaveProperty(variable);
    }
  });

  it.each([driftd, grafana])('closes every element that it opens', (xml) => {
    const open: string[] = [];
    for (const [, slash, name = '', self] of xml
      .replaceAll(/<!--.*?-->/gs, '')
      .matchAll(/<(\/?)(\w+)[^>]*?(\/?)>/g)) {
      if (slash === '/') expect(open.pop()).toBe(name);
      else if (self !== '/') open.push(name);
    }
    expect(open).toEqual([]);
  });
});

function textsOf(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, 'g'))].map(
    (match) => match[1] as string,
  );
}
