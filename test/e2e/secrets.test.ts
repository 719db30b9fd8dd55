import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createTraffic } from '../../src/cli/demo/traffic.ts';
import { configJsonSchema } from '../../src/config/load.ts';
import { openStore } from '../../src/store/client.ts';
import { runHere } from '../cli/recorder.ts';
import { AUTHORITY as MAIL_AUTHORITY, openMailServer } from '../notify/receivers/mail-server.ts';
import { createAuthority, type Identity } from '../support/certificates.ts';
import { type ClickHouseServer, startClickHouse } from '../support/clickhouse-server.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { freePort } from '../support/free-port.ts';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { createTopic, describeWithOwnBroker, produce } from '../support/kafka.ts';
import { randomName } from '../support/random-name.ts';
import { KAFKA_USER, type SecureKafka, startSecureKafka } from '../support/secure-kafka.ts';
import { startTlsTerminator, type TlsTerminator } from '../support/tls-terminator.ts';
import { unsignedToken } from '../support/unsigned-token.ts';

/** One distinctive value for each secret option; each is looked for wherever driftd could say it. */
const SECRET = {
  storePassword: 'store-pass-7d21',
  kafkaPassword: KAFKA_USER.password,
  wrongPassword: 'wrong-pass-0c55',
  clientSecret: 'client-secret-33fa',
  passphrase: 'passphrase-8a9e',
  slackPath: '/services/slack-token-91ab',
  webhookPath: '/hook/webhook-token-52c0',
  retrainPath: '/retrain/retrain-token-e6f7',
  webhookSecret: 'webhook-secret-d0d0',
  webhookToken: 'webhook-bearer-1f8b',
  webhookPassword: 'webhook-pass-6e02',
  pagerdutyPath: '/enqueue/pagerduty-token-7a3d',
  routingKey: 'routing-key-5c5e',
  teamsPath: '/workflows/teams-token-b417',
  alertmanagerPath: '/alertmanager-token-09ce',
  alertmanagerToken: 'alertmanager-bearer-44d9',
  alertmanagerPassword: 'alertmanager-pass-e81a',
  mailPassword: 'mail-pass-2b6f',
  callbackSecret: 'callback-secret-77b0',
  argoEventsPath: '/retrain/argo-token-5d5d',
  targetToken: 'target-bearer-c9c9',
  targetPassword: 'target-pass-1e1e',
  githubToken: 'github-token-a0a0',
  awsSecret: 'aws-secret-b1b1',
  awsSession: 'aws-session-d2d2',
  airflowPassword: 'airflow-pass-f3f3',
  retrainKey: Buffer.from('retraining-signing-key-4b4b').toString('base64'),
};

const NOW = Date.now();
const HOUR = 3_600_000;
const authority = createAuthority();

type Options = Record<string, unknown>;

describeWithOwnBroker('the secrets of a driftd', () => {
  const topic = randomName('predictions');
  const database = randomName('secrets');
  const client = authority.issue('driftd');
  /** What must not be found anywhere: the values above, keys, tokens, and their other spellings. */
  const forbidden: string[] = [];
  let folder: string;
  let kafka: SecureKafka;
  let clickhouse: ClickHouseServer;
  let front: TlsTerminator;
  let receiver: HttpSink;
  let mail: Awaited<ReturnType<typeof openMailServer>>;
  let idp: Server;
  let idpAnswers: 'token' | 'refusal' = 'token';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'driftd-secrets-'));
    [kafka, clickhouse, receiver, mail] = await Promise.all([
      startSecureKafka(),
      startClickHouse({ user: 'driftd', password: SECRET.storePassword }),
      startHttpSink(),
      // It repeats the password that it refuses.
      openMailServer({ password: 'another' }),
    ]);
    const server = { ...authority.issue('server', { names: ['127.0.0.1'] }), ca: authority.cert };
    front = await startTlsTerminator(clickhouse.port, {
      ...server,
      requestCert: true,
      rejectUnauthorized: true,
    });
    // Repeats what it was sent, as some servers do in their errors.
    receiver.answerAlways(({ path, headers, body }) =>
      path.endsWith(SECRET.slackPath)
        ? {}
        : { status: 500, body: JSON.stringify([path, headers, String(body)]) },
    );
    idp = createServer({ ...server, requestCert: true }, async (request, response) => {
      const sent = await text(request);
      const token = unsignedToken(3600);
      forbidden.push(token);
      response.statusCode = idpAnswers === 'token' ? 200 : 401;
      response.end(
        JSON.stringify(
          idpAnswers === 'token'
            ? { access_token: token, expires_in: 3600 }
            : { error: 'invalid_client', error_description: `${sent} ${request.headers.authorization}` },
        ),
      );
    });
    await new Promise<void>((resolve) => idp.listen(0, '127.0.0.1', resolve));
    await writeSecrets();
    await createTopic(topic, 1, kafka.brokers);
    const traffic = createTraffic({ count: 3_000, start: NOW - 3 * HOUR, duration: 3 * HOUR, faults: [] });
    const events = Array.from(traffic.events()).filter((event) => event.topic === 'predictions');
    await produce(
      topic,
      events.map(({ value, timestamp }) => ({ value, timestamp: String(timestamp) })),
      kafka.brokers,
    );
    const reference = Array.from(traffic.reference(2_000), (event) => JSON.stringify(event));
    await writeFile(join(folder, 'reference.ndjson'), reference.join('\n'));
  }, 300_000);

  afterAll(async () => {
    idp?.closeAllConnections();
    idp?.close();
    await Promise.all([front?.stop(), kafka?.stop(), receiver?.stop(), mail?.stop()]);
    await clickhouse?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function writeSecrets(): Promise<void> {
    const encrypted = createPrivateKey(client.key)
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: SECRET.passphrase })
      .toString();
    const files: Record<string, string> = {
      'store-password': `${SECRET.storePassword}\n`,
      'slack-url': receiver.url + SECRET.slackPath,
      'client-secret': SECRET.clientSecret,
      'retrain-secret': `whsec_${SECRET.retrainKey}\n`,
      'routing-key': SECRET.routingKey,
      'teams-url': receiver.url + SECRET.teamsPath,
      'alertmanager-password': SECRET.alertmanagerPassword,
      'mail-password': SECRET.mailPassword,
      'mail-ca.pem': MAIL_AUTHORITY.cert,
      'ca.pem': authority.cert,
      'kafka-ca.pem': kafka.ca,
      'client.pem': client.cert,
      'client-key.pem': encrypted,
      'rules.yaml': RULES,
    };
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    for (const value of Object.values(SECRET)) {
      forbidden.push(
        value,
        encodeURIComponent(value),
        Buffer.from(value).toString('base64').replace(/=+$/, ''),
      );
    }
    forbidden.push(Buffer.from(SECRET.retrainKey, 'base64').toString());
    forbidden.push(...secretLines(client), ...encrypted.split('\n').slice(1, -2));
  }

  const clientTls = (ca: string): Options => ({
    ca_file: ca,
    cert_file: 'client.pem',
    key_file: 'client-key.pem',
    key_passphrase: '${PASSPHRASE}',
  });

  /** A configuration with every secret option; half of them come from files, half from the environment. */
  const withPassword = (): Options => ({
    store: {
      url: `https://127.0.0.1:${front.port}`,
      database,
      username: 'driftd',
      password_file: 'store-password',
      tls: clientTls('ca.pem'),
    },
    kafka: {
      brokers: [kafka.saslTls],
      group_id: randomName('driftd'),
      predictions: { topic },
      tls: clientTls('kafka-ca.pem'),
      sasl: { mechanism: 'SCRAM-SHA-512', username: KAFKA_USER.username, password: '${KAFKA_PASSWORD}' },
    },
    models: { fraud: { positive: 'fraud' } },
    ingest: { flush_interval: '1s' },
    rules: ['rules.yaml'],
    receivers: [
      {
        name: 'everybody',
        slack_configs: [{ api_url_file: 'slack-url' }],
        webhook_configs: [
          {
            url: receiver.url + SECRET.webhookPath,
            secret: '${WEBHOOK_SECRET}',
            http_config: {
              authorization: { credentials: SECRET.webhookToken },
              tls_config: clientTls('ca.pem'),
            },
          },
          {
            url: receiver.url + SECRET.webhookPath,
            http_config: { basic_auth: { username: 'driftd', password: SECRET.webhookPassword } },
          },
        ],
        pagerduty_configs: [{ url: receiver.url + SECRET.pagerdutyPath, routing_key_file: 'routing-key' }],
        msteamsv2_configs: [{ webhook_url_file: 'teams-url' }],
        alertmanager_configs: [
          {
            url: receiver.url + SECRET.alertmanagerPath,
            http_config: {
              authorization: { credentials: SECRET.alertmanagerToken },
              tls_config: clientTls('ca.pem'),
            },
          },
          {
            url: receiver.url + SECRET.alertmanagerPath,
            http_config: { basic_auth: { username: 'driftd', password_file: 'alertmanager-password' } },
          },
        ],
        email_configs: [
          {
            to: 'ml@example.com',
            from: 'driftd@example.com',
            smarthost: `127.0.0.1:${mail.port}`,
            auth_username: 'driftd',
            auth_password_file: 'mail-password',
            tls_config: clientTls('mail-ca.pem'),
          },
        ],
      },
    ],
    route: { receiver: 'everybody' },
    retraining: [
      {
        name: 'pipeline',
        webhook: { url: receiver.url + SECRET.retrainPath, secret_file: 'retrain-secret' },
        callback_secret: SECRET.callbackSecret,
      },
      ...targets(),
    ],
    http: { port: 0 },
    log: { level: 'trace' },
  });

  /** Targets that no rule asks, with a login of each kind that there is. */
  const targets = (): Options[] => {
    const token = {
      authorization: { credentials: SECRET.targetToken },
      tls_config: clientTls('ca.pem'),
    };
    const password = {
      basic_auth: { username: 'driftd', password: SECRET.targetPassword },
    };
    const argoWorkflows = { url: receiver.url, namespace: 'ml', template: 'train' };
    const kubeflow = { url: receiver.url, pipeline_id: 'p' };
    const airflow = { url: receiver.url, dag_id: 'd' };
    const argoEvents = { url: receiver.url + SECRET.argoEventsPath };
    const github = { repository: 'a/b', token: SECRET.githubToken, tls_config: clientTls('ca.pem') };
    const kinds: Options[] = [
      ...[token, password].flatMap((login) => [
        { argo_workflows: { ...argoWorkflows, http_config: login } },
        { argo_events: { ...argoEvents, http_config: login } },
        { kubeflow_pipelines: { ...kubeflow, http_config: login } },
        { airflow: { ...airflow, http_config: login } },
      ]),
      { airflow: { ...airflow, username: 'driftd', password: SECRET.airflowPassword } },
      { github_workflow_dispatch: { ...github, workflow: 'w' } },
      { github_repository_dispatch: github },
      {
        sagemaker_pipeline: {
          region: 'eu-central-1',
          pipeline: 'p',
          access_key_id: 'key',
          secret_access_key: SECRET.awsSecret,
          session_token: SECRET.awsSession,
        },
      },
    ];
    return kinds.map((kind, i) => ({ name: `target-${i}`, ...kind }));
  };

  /** The same with tokens. */
  const withTokens = (): Options => {
    const options = withPassword();
    const sasl = {
      mechanism: 'OAUTHBEARER',
      token_url: `https://127.0.0.1:${(idp.address() as AddressInfo).port}/token`,
      client_id: 'driftd',
      client_secret_file: 'client-secret',
      tls: clientTls('ca.pem'),
    };
    return { ...options, kafka: { ...(options['kafka'] as Options), sasl } };
  };

  async function start(command: readonly string[], options: Options): Promise<Daemon> {
    const file = join(folder, `${randomName('driftd')}.yaml`);
    await writeFile(file, stringify(options));
    return startDaemon([...command, '--config', file], { env: ENVIRONMENT });
  }

  function expectNoSecret(said: string, where: string): void {
    expect(said, where).not.toBe('');
    for (const secret of forbidden) expect(said.includes(secret), `${secret} in ${where}`).toBe(false);
  }

  /** All that a running driftd says: its log, its pages, its metrics. */
  async function expectSilence(daemon: Daemon): Promise<void> {
    const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
      url: string;
    };
    for (const path of [
      '/',
      '/metrics',
      '/readyz',
      '/api/v1/status',
      '/api/v1/alerts',
      '/api/v1/alerts/groups',
      '/api/v1/silences',
      '/api/v1/notifications',
      '/api/v1/retrains',
      '/api/v1/error-streams',
      '/api/v1/segments/weakest?model=fraud',
    ]) {
      expectNoSecret(await (await fetch(url + path)).text(), path);
    }
    expectNoSecret([...daemon.stderr, ...daemon.stdout].join('\n'), 'the log');
  }

  it('are all in the configurations of this test', () => {
    const given = new Set([withPassword(), withTokens()].flatMap((options) => keysOf(options, '')));
    const missing = secretKeys(configJsonSchema(), '').filter(
      (key) => !given.has(key) && !given.has(`${key}_file`),
    );
    expect(missing).toEqual([]);
  });

  it('are in nothing that it says, sends to the store or serves, while alerts go out and are refused', async () => {
    const created = await start(
      ['baseline', 'create', join(folder, 'reference.ndjson'), '--model', 'fraud'],
      withPassword(),
    );
    expect(await created.exited, created.stderr.join('\n')).toMatchObject({ code: 0 });
    expectNoSecret([...created.stderr, ...created.stdout].join('\n'), 'the command');

    const daemon = await start(['run'], withPassword());
    for (const path of [
      SECRET.slackPath,
      SECRET.webhookPath,
      SECRET.pagerdutyPath,
      SECRET.teamsPath,
      SECRET.alertmanagerPath,
      SECRET.retrainPath,
    ]) {
      await receiver.waitFor((request) => request.path.startsWith(path), 120_000);
    }
    await daemon.waitForLog(({ msg }) => msg.startsWith('a receiver does not take notifications'));
    const refused = await daemon.waitForLog(({ msg }) => msg.startsWith('notification given up'), 60_000);
    expect(refused).toMatchObject({
      receiver: 'everybody/email/0',
      reason: 'answered 535 to the login',
    });
    await expectSilence(daemon);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
    expectNoSecret(daemon.stderr.join('\n'), 'the log after the stop');

    const store = await openStore({
      url: clickhouse.url,
      database,
      username: 'driftd',
      password: SECRET.storePassword,
      request_timeout: 30_000,
    });
    try {
      const tables = await store.query<{ name: string }>(
        'SELECT name FROM system.tables WHERE database = currentDatabase() OR database = {name:String}',
        { name: database },
      );
      expect(tables.length).toBeGreaterThan(10);
      for (const { name } of tables) {
        const rows = await store.query(`SELECT * FROM {database}.\`${name}\``);
        expectNoSecret(JSON.stringify(rows), `the table ${name}`);
      }
      const outbox = await store.query<{ n: number }>('SELECT count() AS n FROM {database}.notifications');
      expect(outbox[0]?.n).toBeGreaterThanOrEqual(3);
    } finally {
      await store.close();
    }
  }, 240_000);

  it('are not in what it says when it logs in with a token', async () => {
    const daemon = await start(['run'], withTokens());
    await daemon.waitForLog(({ msg }) => msg === 'joined the consumer group', 60_000);
    expect(forbidden.some((secret) => secret.startsWith('eyJ'))).toBe(true);
    await expectSilence(daemon);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  }, 120_000);

  // All at once, since each spends most of its time on getting started.
  it('are not in what it ends with when it is refused, or refuses', async () => {
    const store = changed(withPassword(), ['store', 'password_file'], undefined);
    const cases: ReadonlyArray<[options: Options, message: RegExp]> = [
      [
        changed(withPassword(), ['kafka', 'sasl', 'password'], SECRET.wrongPassword),
        /driftd: Kafka refuses this client: .* look at the credentials in kafka\.sasl/,
      ],
      [
        changed(withPassword(), ['kafka', 'tls', 'ca_file'], 'ca.pem'),
        /driftd: no TLS with the Kafka broker .* tls\.ca_file/,
      ],
      [withTokens(), /driftd: the token endpoint .* answers 401 invalid_client/],
      [
        changed(store, ['store', 'password'], SECRET.wrongPassword),
        /driftd: the store at .* refuses this user/,
      ],
      [
        changed(withPassword(), ['store', 'tls', 'ca_file'], 'kafka-ca.pem'),
        /driftd: no TLS with the store .* tls\.ca_file/,
      ],
    ];
    idpAnswers = 'refusal';
    await Promise.all(
      cases.map(async ([options, message]) => {
        const daemon = await start(['run'], options);
        expect(await daemon.exited, String(message)).toMatchObject({ code: 2 });
        expect(daemon.stderr.filter((line) => message.test(line))).toHaveLength(1);
        expectNoSecret([...daemon.stderr, ...daemon.stdout].join('\n'), String(message));
        // It did not insist. A login has several answers, and kafkajs tells of one that refuses it with and without its bytes.
        const logins = daemon.stderr.filter(
          (line) =>
            line.includes('"message":"Response SaslAuthenticate') &&
            line.includes('"error":') &&
            !line.includes('"payload":'),
        );
        expect(logins.length, String(message)).toBeLessThanOrEqual(1);
      }),
    );
  }, 180_000);

  it('are not in what it says while it waits', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const cases: ReadonlyArray<[options: Options, message: string]> = [
      [changed(withPassword(), ['store', 'url'], `https://${nobody}`), 'waiting for store'],
      [changed(withPassword(), ['kafka', 'brokers'], [nobody]), 'waiting for kafka'],
      [changed(withTokens(), ['kafka', 'sasl', 'token_url'], `https://${nobody}/`), 'waiting for kafka'],
    ];
    await Promise.all(
      cases.map(async ([options, message]) => {
        const daemon = await start(['run'], options);
        await daemon.waitForLog(({ msg }) => msg.startsWith(message), 90_000);
        await expectSilence(daemon);
        await daemon.kill();
      }),
    );
  }, 180_000);

  it.each<[path: readonly string[], value: string]>([
    [['receivers', '0', 'slack_configs', '0', 'api_url_file'], 'store-password'],
    [['receivers', '0', 'webhook_configs', '0', 'url'], `ftp://x${SECRET.webhookPath}`],
    [['receivers', '0', 'webhook_configs', '0', 'secret'], `whsec_${SECRET.webhookSecret}`],
    [['receivers', '0', 'pagerduty_configs', '0', 'url'], `ftp://x${SECRET.pagerdutyPath}`],
    [['receivers', '0', 'alertmanager_configs', '0', 'http_config', 'tls_config', 'key_passphrase'], 'wrong'],
    [['receivers', '0', 'email_configs', '0', 'require_tls'], 'no'],
    [['retraining', '0', 'webhook', 'url'], `https://driftd:${SECRET.wrongPassword}@x/`],
    [['kafka', 'tls', 'key_passphrase'], SECRET.wrongPassword],
    [['kafka', 'tls', 'key_file'], 'store-password'],
    [['store', 'tls', 'cert_file'], 'client-key.pem'],
    [['store', 'url'], `https://driftd:${SECRET.wrongPassword}@x/`],
    [['store', 'password'], SECRET.wrongPassword],
  ])('are not in what driftd check says of a wrong %j', async (path, value) => {
    const file = join(folder, 'checked.yaml');
    await writeFile(file, stringify(changed(withPassword(), path, value)));
    const { code, stdout, stderr } = await runHere(['check', file], ENVIRONMENT);
    expect(code).toBe(1);
    expectNoSecret([...stdout, ...stderr].join('\n'), 'the faults');
  });
});

const ENVIRONMENT = {
  KAFKA_PASSWORD: SECRET.kafkaPassword,
  PASSPHRASE: SECRET.passphrase,
  WEBHOOK_SECRET: SECRET.webhookSecret,
  // Whoever looks for a fault may have these set.
};

const RULES = `
groups:
  - name: traffic
    schedule: "*/30 * * * *"
    window: 1h
    rules:
      - alert: Traffic
        when: predictions > 0
        retrain: pipeline
        summary: "{{model}} is used"
`;

/** The lines of a private key that are its own, and not the same for every key. */
function secretLines({ key }: Identity): string[] {
  return key.split('\n').slice(2, -2);
}

function changed(options: Options, path: readonly string[], value: unknown): Options {
  const copy = structuredClone(options);
  const [last = ''] = path.slice(-1);
  let node: unknown = copy;
  for (const key of path.slice(0, -1)) node = Reflect.get(Object(node), key);
  Reflect.set(Object(node), last, value);
  return copy;
}

/** Every key of a value, as `a.b[].c`. */
function keysOf(value: unknown, at: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item, `${at}[]`));
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([key, item]) => keysOf(item, at === '' ? key : `${at}.${key}`));
}

/** Every key that a JSON Schema marks as secret, as `a.b[].c`. */
function secretKeys(node: unknown, at: string): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const { writeOnly, properties = {}, items, ...rest } = node as Options;
  return [
    ...(writeOnly === true ? [at] : []),
    ...Object.entries(properties as object).flatMap(([key, child]) =>
      secretKeys(child, at === '' ? key : `${at}.${key}`),
    ),
    ...secretKeys(items, `${at}[]`),
    ...['anyOf', 'oneOf', 'allOf'].flatMap((word) =>
      ((rest[word] ?? []) as unknown[]).flatMap((branch) => secretKeys(branch, at)),
    ),
  ];
}
