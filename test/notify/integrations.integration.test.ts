import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Notification } from '../../src/notify/notification.ts';
import type { NotifyOptions } from '../../src/notify/receiver-options.ts';
import type { SendOutcome } from '../../src/notify/send-outcome.ts';
import { DAY, HOUR, INSTANT, notificationOf, optionsOf, retrainOf } from './examples.ts';
import {
  type Answer,
  type Aside,
  answers,
  deadAddress,
  halfAnAnswer,
  hangUp,
  type ReceivedRequest,
  type ReceiverServer,
  silence,
  startReceiver,
  startReceiverBeside,
} from './receiver-server.ts';
import { type Delivered, deliver, sendOnce } from './through-outbox.ts';

const KEY = Buffer.from('0123456789abcdef0123456789abcdef');
const SECRET = `whsec_${KEY.toString('base64')}`;
const SECRET_PATH = '/services/T00/B00/verysecrettoken';
const ROUTING_KEY = 'R0UT1NGK3Y0123456789abcdef012345';
const TOKEN = 'tok3n-of-a-server';
const PASSWORD = 'passw0rd-of-a-server';
const TEN_MEGABYTES = 'x'.repeat(10 * 1024 * 1024);

interface Integration {
  readonly name: string;
  readonly options: (url: string) => NotifyOptions;
  readonly notification: Notification;
  /** A good answer. */
  readonly good: readonly [status: number, body: string];
  readonly signed: boolean;
  /** Added to the secret path. */
  readonly endpoint?: string;
  readonly contentType?: string;
  /** What two attempts send alike; everything unless it says otherwise. */
  readonly lasting?: (body: string) => unknown;
  /** What becomes of a 200 whose body is not the good one. */
  readonly oddAnswer: SendOutcome['kind'];
  readonly goneStatuses: readonly number[];
  /** What it asks besides. */
  readonly aside?: Aside;
}

function team(options: object): NotifyOptions {
  return optionsOf({ receivers: [{ name: 'team', rate_limit: '1000/1s', ...options }] });
}

function webhook(url: string, options: object = {}): NotifyOptions {
  return team({ webhook_configs: [{ url, secret: SECRET, ...options }] });
}

function target(name: string, kind: (url: string) => object, change: Partial<Integration> = {}): Integration {
  return {
    name,
    options: (url) =>
      optionsOf({ retraining: [{ name: 'pipeline', callback_secret: SECRET, ...kind(url) }] }),
    notification: retrainOf(),
    good: [200, '{"run":1}'],
    signed: false,
    oddAnswer: 'sent',
    goneStatuses: [410],
    ...change,
  };
}

function receiverOf({ aside }: Integration, ...given: Answer[]): Promise<ReceiverServer> {
  return aside === undefined ? startReceiver(...given) : startReceiverBeside(aside, ...given);
}

// One entry per integration: all of them pass everything below.
const INTEGRATIONS: readonly Integration[] = [
  {
    name: 'slack',
    options: (url) => team({ slack_configs: [{ api_url: url }] }),
    notification: notificationOf({ receiver: 'team/slack/0' }),
    good: [200, 'ok'],
    signed: false,
    oddAnswer: 'refused',
    goneStatuses: [403, 404, 410],
  },
  {
    name: 'pagerduty',
    options: (url) => team({ pagerduty_configs: [{ url, routing_key: ROUTING_KEY }] }),
    notification: notificationOf({ receiver: 'team/pagerduty/0' }),
    good: [202, '{"status":"success","message":"Event processed","dedup_key":"x"}'],
    signed: false,
    oddAnswer: 'sent',
    goneStatuses: [410],
  },
  {
    name: 'alertmanager',
    options: (url) =>
      team({
        alertmanager_configs: [{ url, http_config: { authorization: { credentials: TOKEN } } }],
      }),
    notification: notificationOf({ receiver: 'team/alertmanager/0' }),
    good: [200, ''],
    signed: false,
    oddAnswer: 'sent',
    goneStatuses: [410],
    endpoint: '/api/v2/alerts',
    // How long the news holds is counted from each attempt.
    lasting: (body) => JSON.parse(body).map((alert: object) => ({ ...alert, endsAt: '' })),
  },
  {
    name: 'msteams',
    options: (url) => team({ msteamsv2_configs: [{ webhook_url: url }] }),
    notification: notificationOf({ receiver: 'team/msteams/0' }),
    good: [202, ''],
    signed: false,
    oddAnswer: 'sent',
    goneStatuses: [404, 410],
  },
  {
    name: 'webhook',
    options: webhook,
    notification: notificationOf({ receiver: 'team/webhook/0' }),
    good: [200, ''],
    signed: true,
    oddAnswer: 'sent',
    goneStatuses: [410],
  },
  {
    name: 'webhook with CloudEvents',
    options: (url) => webhook(url, { format: 'cloudevents' }),
    notification: notificationOf({ receiver: 'team/webhook/0' }),
    good: [204, ''],
    signed: true,
    oddAnswer: 'sent',
    goneStatuses: [410],
    contentType: 'application/cloudevents+json; charset=utf-8',
  },
  {
    name: 'webhook with a template',
    options: (url) => webhook(url, { template: { text: '{{title}}', alerts: '{{alerts}}' } }),
    notification: notificationOf({ receiver: 'team/webhook/0' }),
    good: [200, ''],
    signed: true,
    oddAnswer: 'sent',
    goneStatuses: [410],
  },
  target('retraining webhook', (url) => ({ webhook: { url, secret: SECRET } }), { signed: true }),
  target(
    'Airflow 3 with a login',
    (url) => ({ airflow: { url, dag_id: 'retrain', username: 'driftd', password: PASSWORD } }),
    {
      endpoint: '/api/v2/dags/retrain/dagRuns',
      aside: ({ path }) =>
        path.endsWith('/auth/token') ? answers(201, JSON.stringify({ access_token: TOKEN })) : undefined,
    },
  ),
  target(
    'Airflow 3 with a token',
    (url) => ({
      airflow: { url, dag_id: 'retrain', http_config: { authorization: { credentials: TOKEN } } },
    }),
    { endpoint: '/api/v2/dags/retrain/dagRuns' },
  ),
  target(
    'Airflow 2',
    (url) => ({
      airflow: { url, dag_id: 'retrain', api_version: 'v1', username: 'driftd', password: PASSWORD },
    }),
    { endpoint: '/api/v1/dags/retrain/dagRuns' },
  ),
  target(
    'GitHub workflow dispatch',
    (url) => ({
      github_workflow_dispatch: { repository: 'a/b', workflow: 'train.yml', token: TOKEN, api_url: url },
    }),
    { endpoint: '/repos/a/b/actions/workflows/train.yml/dispatches', good: [204, ''] },
  ),
  target(
    'GitHub repository dispatch',
    (url) => ({ github_repository_dispatch: { repository: 'a/b', token: TOKEN, api_url: url } }),
    { endpoint: '/repos/a/b/dispatches', good: [204, ''] },
  ),
  target(
    'Argo Workflows',
    (url) => ({
      argo_workflows: {
        url,
        namespace: 'ml',
        template: 'retrain',
        http_config: { authorization: { credentials: TOKEN } },
      },
    }),
    { endpoint: '/api/v1/workflows/ml/submit' },
  ),
  target('Argo Events', (url) => ({
    argo_events: { url, http_config: { authorization: { credentials: TOKEN } } },
  })),
  target(
    'Kubeflow Pipelines',
    (url) => ({
      kubeflow_pipelines: { url, pipeline_id: 'p1', http_config: { authorization: { credentials: TOKEN } } },
    }),
    {
      endpoint: '/apis/v2beta1/runs',
      aside: ({ method }) => (method === 'GET' ? answers(200, '{}') : undefined),
    },
  ),
  target(
    'SageMaker',
    (url) => ({
      sagemaker_pipeline: {
        region: 'eu-central-1',
        pipeline: 'retrain',
        access_key_id: 'AKIAEXAMPLE',
        secret_access_key: PASSWORD,
        session_token: TOKEN,
        endpoint: url,
      },
    }),
    { endpoint: '/', contentType: 'application/x-amz-json-1.1' },
  ),
];

/** Through the whole outbox, to a receiver whose address is a secret. */
function deliverTo({ options, notification }: Integration, base: string): Promise<Delivered> {
  return deliver(options(base + SECRET_PATH), notification);
}

function attempt(
  { options, notification }: Integration,
  base: string,
  timeout?: number,
  signal?: AbortSignal,
): Promise<SendOutcome> {
  return sendOnce(options(base + SECRET_PATH), notification, timeout, signal);
}

function expectNoSecret(recorded: unknown, base: string): void {
  const text = JSON.stringify(recorded);
  expect(text).not.toContain('verysecrettoken');
  expect(text).not.toContain(SECRET);
  expect(text).not.toContain(KEY.toString('base64'));
  expect(text).not.toContain(ROUTING_KEY);
  expect(text).not.toContain(TOKEN);
  expect(text).not.toContain(PASSWORD);
  expect(text).not.toContain(base);
}

function expectSignature({ headers, body }: ReceivedRequest, id: string): void {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`,
  );
  expect(headers['webhook-id']).toBe(id);
}

describe.each(INTEGRATIONS)('$name', (integration) => {
  const good = answers(...integration.good);
  const path = SECRET_PATH + (integration.endpoint ?? '');

  it('posts JSON once, and is done when the receiver takes it', async () => {
    const receiver = await receiverOf(integration, good);
    const { row, recorded } = await deliverTo(integration, receiver.url);
    expect(row).toMatchObject({ status: 'sent', attempts: 1 });
    expect(receiver.requests).toHaveLength(1);
    const [request] = receiver.requests;
    expect(request).toMatchObject({ method: 'POST', path });
    expect(request?.headers['content-type']).toBe(integration.contentType ?? 'application/json');
    expect(JSON.parse(request?.body ?? '')).toBeTypeOf('object');
    if (integration.signed && request !== undefined) expectSignature(request, integration.notification.id);
    expectNoSecret(recorded, receiver.url);
  });

  it('waits as long as a 429 asks for', async () => {
    const receiver = await receiverOf(integration, answers(429, 'slow down', { 'retry-after': '37' }), good);
    const { row, waits } = await deliverTo(integration, receiver.url);
    expect(row).toMatchObject({ status: 'sent', attempts: 2 });
    expect(waits).toEqual([37_000]);
  });

  it('waits until the date that a 503 names', async () => {
    const date = new Date(INSTANT + HOUR + 90_000).toUTCString();
    const receiver = await receiverOf(integration, answers(503, '', { 'retry-after': date }), good);
    const { row, waits } = await deliverTo(integration, receiver.url);
    expect(row.status).toBe('sent');
    expect(waits).toEqual([90_000]);
  });

  it('tries again after failures of the server, with the same id and body, signed anew', async () => {
    const receiver = await receiverOf(integration, answers(500), hangUp, answers(502, TEN_MEGABYTES), good);
    const { row, recorded } = await deliverTo(integration, receiver.url);
    expect(row).toMatchObject({ status: 'sent', attempts: 4, lastError: '' });
    const { lasting = (body) => body } = integration;
    const bodies = receiver.requests.map(({ body }) => JSON.stringify(lasting(body)));
    expect(new Set(bodies).size).toBe(1);
    if (integration.signed) {
      for (const request of receiver.requests) expectSignature(request, integration.notification.id);
      const times = receiver.requests.map(({ headers }) => headers['webhook-timestamp']);
      expect(new Set(times).size).toBe(receiver.requests.length);
    }
    expectNoSecret(recorded, receiver.url);
  });

  it.each(integration.goneStatuses)('gives up for good at %d', async (status) => {
    const receiver = await receiverOf(integration, answers(status));
    const { row, recorded } = await deliverTo(integration, receiver.url);
    expect(row).toMatchObject({ status: 'dead', attempts: 1, lastError: `answered ${status}` });
    expect(receiver.requests).toHaveLength(1);
    expectNoSecret(recorded, receiver.url);
  });

  it('gives up for good when the receiver refuses the message', async () => {
    const receiver = await receiverOf(integration, answers(400, `no: ${SECRET_PATH}`));
    const { row, recorded } = await deliverTo(integration, receiver.url);
    expect(row).toMatchObject({ status: 'dead', attempts: 1, lastError: 'answered 400' });
    expectNoSecret(recorded, receiver.url);
  });

  it('does not follow a redirect', async () => {
    const receiver = await receiverOf(integration, answers(307, '', { location: '/elsewhere' }));
    const outcome = await attempt(integration, receiver.url);
    expect(outcome).toEqual({ kind: 'retry', reason: 'answered 307, a redirect, which is not followed' });
    expect(receiver.requests.map((request) => request.path)).toEqual([path]);
  });

  it.each([
    ['never answers', silence],
    ['never ends its answer', halfAnAnswer],
  ])('does not wait for ever for a receiver that %s', async (_, answer) => {
    const receiver = await receiverOf(integration, answer);
    const outcome = await attempt(integration, receiver.url, 100);
    expect(outcome).toEqual({ kind: 'retry', reason: 'no answer within 100ms' });
  });

  it('is not overwhelmed by a huge answer', async () => {
    const receiver = await receiverOf(integration, answers(200, TEN_MEGABYTES));
    const outcome = await attempt(integration, receiver.url);
    expect(outcome.kind).toBe(integration.oddAnswer);
    expectNoSecret(outcome, receiver.url);
  });

  it('tries for a day while nobody listens, and says why it gave up', async () => {
    const base = await deadAddress();
    const { row, waits, recorded } = await deliverTo(integration, base);
    expect(row).toMatchObject({ status: 'dead', lastError: 'ECONNREFUSED' });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(DAY);
    expectNoSecret(recorded, base);
  });

  it('refuses a message that is not for it', async () => {
    const other = integration.notification.kind === 'alerts' ? retrainOf() : notificationOf();
    const receiver = await receiverOf(integration, good);
    const outcome = await attempt({ ...integration, notification: other }, receiver.url);
    expect(outcome.kind).toBe('refused');
    expect(receiver.requests).toEqual([]);
  });

  it('stops an attempt when it is told to', async () => {
    const receiver = await receiverOf(integration, silence);
    const outcome = await attempt(integration, receiver.url, undefined, AbortSignal.abort());
    expect(outcome.kind).toBe('retry');
  });
});

describe('slack', () => {
  it("passes on Slack's one-word reason, and no other text", async () => {
    const [slack] = INTEGRATIONS;
    if (slack === undefined) throw new Error('no slack');
    const receiver = await startReceiver(answers(400, 'invalid_blocks'), answers(400, 'see /services/T00'));
    expect(await attempt(slack, receiver.url)).toEqual({
      kind: 'refused',
      reason: 'answered 400 invalid_blocks',
    });
    expect(await attempt(slack, receiver.url)).toEqual({ kind: 'refused', reason: 'answered 400' });
  });
});
