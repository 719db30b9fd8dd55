import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../src/store/client.ts';
import { type ClickHouseServer, startClickHouse } from '../support/clickhouse-server.ts';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { randomName } from '../support/random-name.ts';

/** What stands around a daemon under test: a store server, a receiver, a folder for its configuration. */
export interface Scene {
  readonly folder: string;
  readonly clickhouse: ClickHouseServer;
  readonly sink: HttpSink;
  /** Writes a file into the folder and gives its path. */
  write(name: string, text: string): Promise<string>;
  /** A second client of the store, on a database. */
  open(database: string): Promise<Store>;
  close(): Promise<void>;
}

export async function setScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-e2e-'));
  const [clickhouse, sink] = await Promise.all([startClickHouse(), startHttpSink()]);
  const stores: Store[] = [];
  return {
    folder,
    clickhouse,
    sink,
    write: async (name, text) => {
      const path = join(folder, name);
      await writeFile(path, text);
      return path;
    },
    open: async (database) => {
      const store = await openStore({
        url: clickhouse.url,
        database,
        username: 'default',
        password: '',
        request_timeout: 30_000,
      });
      stores.push(store);
      return store;
    },
    close: async () => {
      await Promise.allSettled(stores.map((store) => store.close()));
      await Promise.allSettled([clickhouse.stop(), sink.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const RETRAIN_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export interface ConfigParts {
  readonly storeUrl: string;
  readonly database: string;
  readonly brokers: readonly string[];
  readonly predictions: string;
  readonly labels?: string;
  readonly sinkUrl: string;
  readonly rules: string;
  /** More lines, such as those of `ingest`. */
  readonly more?: string;
}

/** A configuration as a user would write it. */
export function configText(parts: ConfigParts): string {
  return `
store: { url: "${parts.storeUrl}", database: ${parts.database} }
kafka:
  brokers: [${parts.brokers.map((broker) => `"${broker}"`).join(', ')}]
  group_id: ${randomName('driftd')}
  predictions: { topic: ${parts.predictions} }
${parts.labels === undefined ? '' : `  labels: { topic: ${parts.labels} }\n`}
models:
  fraud: { positive: fraud, labels: { delay: 1h }, learn: 3000 }
rules: ["${parts.rules}"]
receivers:
  - name: ml-team
    slack_configs: [{ api_url: "${parts.sinkUrl}/slack/hook" }]
route: { receiver: ml-team }
retraining:
  - name: fraud-pipeline
    webhook: { url: "${parts.sinkUrl}/retrain", secret: "\${RETRAIN_SECRET}" }
http: { port: 0 }
${parts.more ?? ''}
`;
}

/** One rule for the inputs, one for the performance; both ask for a new model. */
export const RULES = `
groups:
  - name: inputs
    models: [fraud]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: FeatureDrift
        each: feature
        when: psi_adjusted > 0.1 && q_value < 0.01
        for: 2/3
        clear: 3
        summary: "{{feature}} of {{model}} drifted (psi {{psi}})"
        retrain: fraud-pipeline
  - name: performance
    models: [fraud]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: AccuracyDrop
        when: accuracy < baseline.accuracy - 0.05 && labelled >= 200
        for: 2
        severity: critical
        summary: "{{model}} is right less often ({{accuracy}})"
        retrain: fraud-pipeline
`;
