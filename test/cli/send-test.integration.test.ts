import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type HttpSink, startHttpSink } from '../support/http-sink.ts';
import { type Ran, runHere } from './recorder.ts';

const SECRET_PATH = '/services/T00/verysecrettoken';

async function scene(): Promise<{ sink: HttpSink; run: (...argv: string[]) => Promise<Ran> }> {
  const sink = await startHttpSink();
  const folder = await mkdtemp(join(tmpdir(), 'driftd-send-test-'));
  onTestFinished(async () => {
    await sink.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const url = sink.url + SECRET_PATH;
  const config = join(folder, 'driftd.yaml');
  await writeFile(
    config,
    `store: { path: ./never-opened }
receivers:
  - name: team
    rate_limit: 100/1s
    slack_configs: [{ api_url: "${url}" }]
    pagerduty_configs: [{ url: "${url}", routing_key: abc, send_resolved: false }]
  - name: nobody
route: { receiver: team }
retraining:
  - name: pipeline
    argo_events: { url: "${url}" }
`,
  );
  return { sink, run: (...argv) => runHere(['send-test', ...argv, '--config', config]) };
}

it('sends a message that says that it is a test, ends it, and prints what the receiver answers', async () => {
  const { sink, run } = await scene();
  const ran = await run('team');
  expect(ran).toMatchObject({ code: 0, stderr: [] });
  expect([...ran.stdout].sort()).toEqual([
    'team/pagerduty/0  firing    sent, answered 200',
    'team/slack/0  firing    sent, answered 200',
    'team/slack/0  resolved  sent, answered 200',
  ]);
  const bodies = sink.requests.map(({ body }) => body.toString('utf8'));
  expect(bodies).toHaveLength(3);
  for (const body of bodies) expect(body).toContain('This is a test of the receiver team');
  const slack = bodies.filter((body) => body.includes('blocks'));
  expect(slack[0]).toContain('reference ');
  expect(slack[1]).toContain('1 alert resolved');
});

it('tries once, says why it failed without saying where, and ends with 2', async () => {
  const { sink, run } = await scene();
  sink.answerAlways({ status: 503 });
  const ran = await run('team', '--integration', 'slack/0');
  expect(ran).toEqual({
    code: 2,
    stdout: [
      'team/slack/0  firing    not sent: answered 503',
      'team/slack/0  resolved  not sent: answered 503',
    ],
    stderr: ['2 test messages were not taken'],
  });
  expect(sink.requests).toHaveLength(2);
  expect(JSON.stringify(ran)).not.toContain('verysecrettoken');
});

it('asks a retraining target for nothing, in a request that is marked as a test', async () => {
  const { sink, run } = await scene();
  expect(await run('pipeline')).toEqual({
    code: 0,
    stdout: ['pipeline  retrain   sent, answered 200'],
    stderr: [],
  });
  const body = JSON.parse(sink.requests[0]?.body.toString('utf8') ?? '');
  expect(body).toMatchObject({ test: true, model: 'driftd-test', target: 'pipeline' });
  expect(body.alerts[0].annotations.summary).toContain('No model is wanted');
  sink.answerAlways({ status: 410 });
  expect(await run('pipeline')).toMatchObject({
    code: 2,
    stdout: ['pipeline  retrain   not sent: answered 410'],
  });
  expect(await run('pipeline', '--integration', 'slack/0')).toMatchObject({
    code: 1,
    stderr: ['the retraining target "pipeline" has no integrations to choose from'],
  });
});

it('says what there is when there is no such receiver', async () => {
  const { run } = await scene();
  expect(await run('taem')).toMatchObject({
    code: 1,
    stderr: ['there is no receiver and no retraining target "taem"; did you mean "team"?'],
  });
  expect(await run('nobody')).toMatchObject({
    code: 1,
    stderr: ['the receiver "nobody" leads nowhere: it has no integration'],
  });
  expect(await run('team', '--integration', 'slack/1')).toMatchObject({
    code: 1,
    stderr: ['the receiver "team" has no "slack/1"; it has pagerduty/0, slack/0'],
  });
});
