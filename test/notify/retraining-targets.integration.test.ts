import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RetrainRequest } from '../../src/notify/notification.ts';
import type { NotifyOptions } from '../../src/notify/receiver-options.ts';
import { alertOf, INSTANT, optionsOf, retrainOf } from './examples.ts';
import { answers, type ReceiverServer, startReceiver } from './receiver-server.ts';
import { sendOnce, sendsOf } from './through-outbox.ts';

const REQUEST = retrainOf({ callbackUrl: 'https://driftd.example/v1/retrains/1' });
const RUN = `driftd-${REQUEST.id}`;
/** All that there is by default, as texts. */
const PARAMETERS = {
  request_id: REQUEST.id,
  model: 'fraud',
  version: '7',
  reason: 'amount of fraud drifted',
  baseline_id: 'b1',
  train_from: '2026-10-25T09:00:00.000Z',
  train_to: '2026-11-22T09:00:00.000Z',
  callback_url: 'https://driftd.example/v1/retrains/1',
  test: 'false',
};
/** Hundreds of alerts with long names. */
const LARGE = retrainOf({
  alerts: Array.from({ length: 500 }, (_, i) =>
    alertOf({ labels: { feature: `feature ${i} ${'x'.repeat(200)}` }, retrain: 'pipeline' }),
  ),
});

function target(kind: object): NotifyOptions {
  return optionsOf({ retraining: [{ name: 'pipeline', ...kind }] });
}

function bodyOf(server: ReceiverServer, index = 0): Record<string, unknown> {
  return JSON.parse(server.requests[index]?.body ?? '');
}

async function ask(kind: object, request: RetrainRequest = REQUEST) {
  return sendOnce(target(kind), request);
}

describe('Airflow', () => {
  const options = { dag_id: 'my dag', username: 'driftd', password: 'secret' };
  const login = answers(201, JSON.stringify({ access_token: 'jwt' }));

  it('of version 3 gets the reasons as conf, under a run id that comes from the request', async () => {
    const server = await startReceiver(login, answers(200));
    expect(await ask({ airflow: { url: `${server.url}/airflow/`, ...options } })).toEqual({
      kind: 'sent',
      answer: 'answered 200',
    });
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/airflow/auth/token',
      '/airflow/api/v2/dags/my%20dag/dagRuns',
    ]);
    expect(bodyOf(server)).toEqual({ username: 'driftd', password: 'secret' });
    expect(server.requests[1]?.headers.authorization).toBe('Bearer jwt');
    expect(bodyOf(server, 1)).toMatchObject({
      dag_run_id: RUN,
      logical_date: null,
      note: 'amount of fraud drifted',
      conf: {
        id: REQUEST.id,
        model: 'fraud',
        version: '7',
        baseline_id: 'b1',
        alerts: [{ values: { psi: 0.31 } }],
        training_period: { from: PARAMETERS.train_from, to: PARAMETERS.train_to },
        callback_url: PARAMETERS.callback_url,
      },
    });
  });

  it('of version 2 is logged in to by basic authentication, and is not given a logical date', async () => {
    const server = await startReceiver(answers(200));
    await ask({ airflow: { url: server.url, api_version: 'v1', ...options } });
    expect(server.requests).toHaveLength(1);
    const basic = `Basic ${Buffer.from('driftd:secret').toString('base64')}`;
    expect(server.requests[0]).toMatchObject({
      path: '/api/v1/dags/my%20dag/dagRuns',
      headers: { authorization: basic },
    });
    expect(bodyOf(server)).not.toHaveProperty('logical_date');
  });

  it('that has the run already is no failure', async () => {
    const server = await startReceiver(login, answers(409));
    expect(await ask({ airflow: { url: server.url, ...options } })).toEqual({
      kind: 'sent',
      answer: 'answered 409: the run is there already',
    });
  });

  it('is logged in to once for many requests, and again when the token is old', async () => {
    const server = await startReceiver(login, answers(200), answers(200), answers(401), login, answers(200));
    const send = sendsOf(target({ airflow: { url: server.url, ...options } })).get('pipeline');
    const { signal } = new AbortController();
    for (const id of ['a', 'b', 'c'])
      expect(await send?.(retrainOf({ id }), signal)).toMatchObject({ kind: 'sent' });
    expect(server.requests.map(({ path }) => path.split('/').at(-1))).toEqual([
      'token',
      'dagRuns',
      'dagRuns',
      'dagRuns',
      'token',
      'dagRuns',
    ]);
  });

  it('is logged in to again when it signs with another key since, which it says with 403', async () => {
    const server = await startReceiver(login, answers(200), answers(403), login, answers(200));
    const send = sendsOf(target({ airflow: { url: server.url, ...options } })).get('pipeline');
    const { signal } = new AbortController();
    for (const id of ['a', 'b'])
      expect(await send?.(retrainOf({ id }), signal)).toMatchObject({ kind: 'sent' });
    expect(server.requests).toHaveLength(5);
  });

  it.each([
    [401, { kind: 'refused', reason: 'answered 401 to the login' }],
    [503, { kind: 'retry', reason: 'answered 503 to the login' }],
    [200, { kind: 'refused', reason: 'the login gave no access_token' }],
  ])('whose login answers %d is told so', async (status, outcome) => {
    const server = await startReceiver(answers(status, 'nothing'));
    expect(await ask({ airflow: { url: server.url, ...options } })).toEqual(outcome);
    expect(server.requests).toHaveLength(1);
  });

  it.each([401, 403])('that refuses a fresh token with %d is asked no third time', async (status) => {
    const server = await startReceiver(login, answers(status));
    expect(await ask({ airflow: { url: server.url, ...options } })).toMatchObject({ kind: 'refused' });
    expect(server.requests).toHaveLength(2);
  });
});

describe('GitHub', () => {
  const options = { repository: 'acme/models', token: 'ghp' };

  it('gets inputs for a workflow, ten at most, within its size', async () => {
    const server = await startReceiver(answers(204));
    const kind = {
      github_workflow_dispatch: { ...options, workflow: 'retrain.yml', ref: 'prod', api_url: server.url },
    };
    await ask(kind);
    await ask(kind, LARGE);
    const { inputs, ref } = bodyOf(server) as { inputs: Record<string, string>; ref: string };
    expect(ref).toBe('prod');
    const { request, ...rest } = inputs;
    expect(rest).toEqual(PARAMETERS);
    expect(JSON.parse(request ?? '')).toMatchObject({ id: REQUEST.id, alerts: [{ values: { psi: 0.31 } }] });
    expect(Object.keys(inputs)).toHaveLength(10);
    expect(server.requests[0]?.headers).toMatchObject({
      accept: 'application/vnd.github+json',
      authorization: 'Bearer ghp',
      'user-agent': 'driftd',
    });
    expect(server.requests[1]?.body.length).toBeLessThan(65_535);
  });

  it('gets the inputs that the workflow declares, by their own names', async () => {
    const server = await startReceiver(answers(204));
    const inputs = { MODEL: 'model', why: 'reason' };
    await ask({ github_workflow_dispatch: { ...options, workflow: '7', inputs, api_url: server.url } });
    expect(bodyOf(server)['inputs']).toEqual({ MODEL: 'fraud', why: 'amount of fraud drifted' });
  });

  it('gets a client payload of at most ten properties for a repository dispatch', async () => {
    const server = await startReceiver(answers(204));
    const kind = { github_repository_dispatch: { ...options, api_url: server.url } };
    await ask(kind);
    await ask(kind, LARGE);
    const { event_type, client_payload: payload } = bodyOf(server) as Record<string, Record<string, unknown>>;
    expect(event_type).toBe('driftd-retrain');
    expect(Object.keys(payload ?? {}).length).toBeLessThanOrEqual(10);
    expect(payload).toMatchObject({
      id: REQUEST.id,
      model: 'fraud',
      version: '7',
      baseline_id: 'b1',
      training_period: { from: PARAMETERS.train_from, to: PARAMETERS.train_to },
      details: { alerts: [{ values: { psi: 0.31 } }], window: {}, target: 'pipeline' },
    });
    expect(server.requests[1]?.body.length).toBeLessThan(65_535);
  });

  it.each([
    ['names a time', 403, { 'retry-after': '7' }, { kind: 'retry', after: 7_000 }],
    [
      'says when the limit is reset',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(INSTANT / 1000 + 60) },
      { kind: 'retry', after: 60_000 },
    ],
    ['has a limit without an end', 429, { 'x-ratelimit-remaining': '0' }, { kind: 'retry' }],
    ['means that the token may not', 403, { 'x-ratelimit-remaining': '4999' }, { kind: 'refused' }],
    ['knows no such input', 422, {}, { kind: 'refused' }],
  ])('that %s is understood', async (_, status, headers, outcome) => {
    const server = await startReceiver(answers(status, '', headers));
    expect(await ask({ github_repository_dispatch: { ...options, api_url: server.url } })).toMatchObject(
      outcome,
    );
  });

  it('that names no time for its secondary limit is asked again after a minute', async () => {
    const body = JSON.stringify({ message: 'You have exceeded a secondary rate limit. Please wait.' });
    const server = await startReceiver(answers(403, body, { 'x-ratelimit-remaining': '4999' }));
    expect(await ask({ github_repository_dispatch: { ...options, api_url: server.url } })).toEqual({
      kind: 'retry',
      reason: 'answered 403, a secondary rate limit',
      after: 60_000,
    });
  });
});

describe('Argo Workflows', () => {
  const options = { namespace: 'ml', template: 'retrain' };

  it('gets a workflow that is named after the request', async () => {
    const server = await startReceiver(answers(200));
    await ask({ argo_workflows: { url: server.url, ...options } });
    expect(bodyOf(server)).toMatchObject({
      namespace: 'ml',
      resourceKind: 'WorkflowTemplate',
      resourceName: 'retrain',
      submitOptions: { name: RUN, labels: `driftd/request=${REQUEST.id}` },
    });
    expect(RUN.length).toBeLessThanOrEqual(63);
    const { parameters } = bodyOf(server)['submitOptions'] as { parameters: string[] };
    expect(parameters).toContain('model=fraud');
    expect(parameters).toContain(`train_from=${PARAMETERS.train_from}`);
  });

  it('that has the workflow already is no failure', async () => {
    const server = await startReceiver(answers(409));
    expect(await ask({ argo_workflows: { url: server.url, cluster_scope: true, ...options } })).toMatchObject(
      { kind: 'sent' },
    );
    expect(bodyOf(server)['resourceKind']).toBe('ClusterWorkflowTemplate');
  });
});

describe('Argo Events', () => {
  it('gets the request as the body of an event, with the token of its event source', async () => {
    const server = await startReceiver(answers(200, 'success'));
    await ask({
      argo_events: { url: `${server.url}/retrain`, http_config: { authorization: { credentials: 't' } } },
    });
    expect(server.requests[0]).toMatchObject({ path: '/retrain', headers: { authorization: 'Bearer t' } });
    expect(bodyOf(server)).toMatchObject({ id: REQUEST.id, model: 'fraud', alerts: [{}] });
  });
});

describe('Kubeflow Pipelines', () => {
  const options = {
    pipeline_id: 'p1',
    pipeline_version_id: 'v2',
    experiment_id: 'e3',
    service_account: 'trainer',
  };

  it('gets a run that is named after the request, when it has none of that name', async () => {
    const server = await startReceiver(answers(200, '{"runs":[]}'), answers(200));
    await ask({ kubeflow_pipelines: { url: `${server.url}/pipeline`, ...options } });
    const [look, create] = server.requests;
    expect(look?.method).toBe('GET');
    const query = new URL(`http://x${look?.path}`);
    expect(query.pathname).toBe('/pipeline/apis/v2beta1/runs');
    expect(query.searchParams.get('experiment_id')).toBe('e3');
    expect(JSON.parse(query.searchParams.get('filter') ?? '')).toEqual({
      predicates: [{ operation: 'EQUALS', key: 'name', string_value: RUN }],
    });
    expect(create).toMatchObject({ method: 'POST', path: '/pipeline/apis/v2beta1/runs' });
    const { runtime_config: config, ...run } = bodyOf(server, 1) as {
      runtime_config: { parameters: object };
    };
    expect(run).toEqual({
      display_name: RUN,
      description: 'amount of fraud drifted',
      experiment_id: 'e3',
      service_account: 'trainer',
      pipeline_version_reference: { pipeline_id: 'p1', pipeline_version_id: 'v2' },
    });
    expect(config.parameters).toMatchObject(PARAMETERS);
  });

  it('that has the run already is not asked for another, however long its answer is', async () => {
    const runs = `{"runs": [ {"experiment_id":"e3","pipeline_spec":"${'x'.repeat(200_000)}"}]}`;
    const server = await startReceiver(answers(200, runs));
    expect(await ask({ kubeflow_pipelines: { url: server.url, ...options } })).toEqual({
      kind: 'sent',
      answer: 'the run is there already',
    });
    expect(server.requests).toHaveLength(1);
  });

  it('that cannot be asked whether it has the run gets none', async () => {
    const server = await startReceiver(answers(500));
    expect(await ask({ kubeflow_pipelines: { url: server.url, ...options } })).toEqual({
      kind: 'retry',
      reason: 'answered 500 to the look for the run',
    });
    expect(server.requests).toHaveLength(1);
  });
});

describe('SageMaker', () => {
  const options = {
    region: 'eu-central-1',
    pipeline: 'retrain',
    access_key_id: 'AKIDEXAMPLE',
    secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };

  it('gets a signed request with an idempotency token and parameters within their length', async () => {
    const server = await startReceiver(answers(200));
    const kind = { sagemaker_pipeline: { ...options, endpoint: server.url } };
    await ask(kind);
    await ask(kind, LARGE);
    expect(server.requests[0]?.headers['x-amz-target']).toBe('SageMaker.StartPipelineExecution');
    expectSignature(server, options.secret_access_key);
    expect(bodyOf(server)).toMatchObject({
      PipelineName: 'retrain',
      ClientRequestToken: REQUEST.id,
      PipelineExecutionDisplayName: RUN,
      PipelineExecutionDescription: 'amount of fraud drifted',
    });
    // The service wants 32 to 128 characters, and a name of letters, digits and dashes.
    expect(REQUEST.id).toHaveLength(32);
    expect(RUN).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}$/);
    for (const [index] of server.requests.entries()) {
      const parameters = bodyOf(server, index)['PipelineParameters'] as Array<{
        Name: string;
        Value: string;
      }>;
      for (const { Name, Value } of parameters) {
        expect(Name).toMatch(/^[A-Za-z0-9_-]+$/);
        expect(Value.length).toBeLessThanOrEqual(1_024);
      }
    }
    const parameters = bodyOf(server)['PipelineParameters'];
    expect(parameters).toContainEqual({ Name: 'model', Value: 'fraud' });
  });

  it.each([
    [400, '{"__type":"ThrottlingException"}', { kind: 'retry', reason: 'answered 400 ThrottlingException' }],
    [400, '{"__type":"com.amazonaws.sagemaker#ResourceLimitExceeded"}', { kind: 'retry' }],
    [
      400,
      '{"__type":"ValidationException","message":"arn:aws:secret"}',
      { kind: 'refused', reason: 'answered 400 ValidationException' },
    ],
    [403, '{"__type":"InvalidSignatureException"}', { kind: 'refused' }],
    [403, 'no JSON', { kind: 'refused', reason: 'answered 403' }],
  ])('that answers %d %s is understood', async (status, body, outcome) => {
    const server = await startReceiver(answers(status, body));
    expect(await ask({ sagemaker_pipeline: { ...options, endpoint: server.url } })).toMatchObject(outcome);
  });
});

/** Signature version 4, computed again from what arrived (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). */
function expectSignature(server: ReceiverServer, secret: string): void {
  const [request] = server.requests;
  if (request === undefined) throw new Error('no request');
  const { headers, body } = request;
  const {
    scope = '',
    signed = '',
    signature = '',
  } = /Credential=[^/]+\/(?<scope>[^,]+), SignedHeaders=(?<signed>[^,]+), Signature=(?<signature>\w+)/.exec(
    headers.authorization ?? '',
  )?.groups ?? {};
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const lines = signed.split(';').map((name) => `${name}:${headers[name]}\n`);
  const canonical = ['POST', '/', '', `${lines.join('')}`, signed, hash(body)].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const [date = '', region = '', service = '', end = ''] = scope.split('/');
  const key = [region, service, end].reduce(hmac, hmac(`AWS4${secret}`, date));
  expect(signature).toBe(hmac(key, text).toString('hex'));
  expect(scope).toBe('20261122/eu-central-1/sagemaker/aws4_request');
  expect(signed.split(';')).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-target']));
}
