import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runHere } from './recorder.ts';

async function files(contents: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-check-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(contents)) await writeFile(join(folder, name), text);
  return folder;
}

const GOOD_RULES = `groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: FeatureDrift
        each: feature
        when: psi_adjusted > 0.1 && q_value < 0.01
`;

it('is content with good files, and counts the rules that a configuration names', async () => {
  const folder = await files({ 'driftd.yaml': 'rules: [rules.yaml]\n', 'rules.yaml': GOOD_RULES });
  const ran = await runHere(['check', join(folder, 'driftd.yaml')]);
  expect(ran).toMatchObject({ code: 0, stdout: ['2 files checked, no fault'] });
});

it('names the place of a wrong configuration key and the nearest valid one', async () => {
  const folder = await files({
    'driftd.yaml': 'rules: [rules.yaml]\ningest:\n  flush_intervall: 10s\n',
    'rules.yaml': GOOD_RULES,
  });
  const file = join(folder, 'driftd.yaml');
  const ran = await runHere(['check', file]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toEqual([`${file}:3:3: unknown key "flush_intervall"; did you mean "flush_interval"?`]);
});

it('names the place of an unknown metric inside its condition', async () => {
  const folder = await files({ 'rules.yaml': GOOD_RULES.replace('psi_adjusted', 'psi_ajusted') });
  const file = join(folder, 'rules.yaml');
  const ran = await runHere(['check', file]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toEqual([`${file}:8:15: unknown metric "psi_ajusted"; did you mean "psi_adjusted"?`]);
});

it('does not let rejects be sent to a topic that they would be read from', async () => {
  const folder = await files({
    'driftd.yaml': [
      'rules: [rules.yaml]',
      'kafka:',
      '  brokers: [localhost:9092]',
      '  predictions: { topic: predictions }',
      '  dead_letter: { topic: predictions }',
    ].join('\n'),
    'rules.yaml': GOOD_RULES,
  });
  const ran = await runHere(['check', join(folder, 'driftd.yaml')]);
  expect(ran.code).toBe(1);
  expect(ran.stdout.map((line) => line.replace(folder, ''))).toEqual([
    expect.stringMatching(/^\/driftd\.yaml:5:25: .*come back for ever/),
  ]);
});

it('says what a duration looks like', async () => {
  const folder = await files({
    'driftd.yaml': 'rules: [rules.yaml]\ningest:\n  idle_timeout: 5 minutes\n',
    'rules.yaml': GOOD_RULES.replace('window: 1h', 'window: one hour'),
  });
  const ran = await runHere(['check', join(folder, 'driftd.yaml'), join(folder, 'rules.yaml')]);
  expect(ran.code).toBe(1);
  expect(ran.stdout.map((line) => line.replace(folder, ''))).toEqual([
    '/driftd.yaml:3:17: ingest.idle_timeout: "5 minutes" is not a duration; expected a duration such as 30s, 5m, 1h30m or 7d',
    expect.stringMatching(/^\/rules\.yaml:4:13: .*a duration such as 30s, 5m, 1h30m or 7d/),
  ]);
});

it('names the place of an unknown receiver and the nearest one', async () => {
  const folder = await files({
    'driftd.yaml': `rules: [rules.yaml]
receivers:
  - name: ml-team
    slack_configs: [{ api_url: "http://127.0.0.1:1/x" }]
route:
  receiver: ml-taem
`,
    'rules.yaml': GOOD_RULES,
  });
  const file = join(folder, 'driftd.yaml');
  const ran = await runHere(['check', file]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toEqual([`${file}:6:13: unknown receiver "ml-taem"; did you mean "ml-team"?`]);
});

it('names the place of every fault in routes, time intervals and inhibition', async () => {
  const check = async (text: string): Promise<string[]> => {
    const folder = await files({ 'driftd.yaml': text, 'rules.yaml': GOOD_RULES });
    const ran = await runHere(['check', join(folder, 'driftd.yaml')]);
    expect(ran.code).toBe(1);
    return ran.stdout.map((line) => line.replace(`${folder}/driftd.yaml:`, ''));
  };
  const wellFormed = `rules: [rules.yaml]
receivers: [{ name: ml-team }]
time_intervals:
  - name: nights
    time_intervals: [{ times: [{ start_time: "22:00", end_time: "24:00" }] }]
  - name: nights
    time_intervals: []
route:
  receiver: ml-team
  routes:
    - matchers: [severity="info"]
      mute_time_intervals: [night]
      routes:
        - receiver: ml-taem
`;
  expect(await check(wellFormed)).toEqual([
    '6:11: there is another time interval "nights" above',
    '12:29: unknown time interval "night"; did you mean "nights"?',
    '14:21: unknown receiver "ml-taem"; did you mean "ml-team"?',
  ]);
  const malformed = `rules: [rules.yaml]
time_intervals:
  - name: nights
    time_intervals:
      - times: [{ start_time: "22:00", end_time: "06:00" }]
      - weekdays: [mon]
        location: Europe/Berlim
inhibit_rules:
  - source_matchers: [severity=critical]
    target_matchers: [severity]
    equals: [model]
route:
  receiver: ml-team
  group_interval: 0s
  routes:
    - matchers: [severity="info"]
      routes:
        - group_wait: soon
          mute_time_interval: [nights]
`;
  expect((await check(malformed)).sort()).toEqual([
    '10:23: inhibit_rules.0.target_matchers.0: must be a matcher such as severity="critical", model!="test" or model=~"fraud.*"',
    '11:5: unknown key "equals"; did you mean "equal"?',
    '14:19: route.group_interval: must be longer than nothing',
    '18:23: route.routes.0.routes.0.group_wait: "soon" is not a duration; expected a duration such as 30s, 5m, 1h30m or 7d',
    '19:11: unknown key "mute_time_interval"; did you mean "mute_time_intervals"?',
    '5:51: time_intervals.0.time_intervals.0.times.0.end_time: ends before it begins; write one that goes past midnight as two',
    '6:20: time_intervals.0.time_intervals.1.weekdays.0: must be a weekday such as saturday, or a range such as monday:friday',
    '7:19: time_intervals.0.time_intervals.1.location: must be a time zone such as Europe/Berlin',
  ]);
});

it('knows the retraining targets of the configuration that it is given', async () => {
  const rules = `${GOOD_RULES}        retrain: nightly\n`;
  const folder = await files({ 'driftd.yaml': 'rules: [rules.yaml]\n', 'rules.yaml': rules });
  expect(await runHere(['check', join(folder, 'rules.yaml')])).toMatchObject({ code: 0 });
  const ran = await runHere(['check', join(folder, 'driftd.yaml')]);
  expect(ran).toMatchObject({
    code: 1,
    stdout: [expect.stringContaining('unknown retraining target "nightly"')],
  });
});

it('says which environment variable is missing, and never prints what one holds', async () => {
  const folder = await files({
    'driftd.yaml':
      'store: { url: "http://127.0.0.1:8123", password: "${DB_PASSWORD}" }\nrules: [rules.yaml]\n',
    'rules.yaml': GOOD_RULES,
  });
  const file = join(folder, 'driftd.yaml');
  const missing = await runHere(['check', file]);
  expect(missing.stdout).toEqual([`${file}:1:51: the environment variable DB_PASSWORD is not set`]);
  const ran = await runHere(['check', file], { DB_PASSWORD: 'hunter2' });
  expect(ran.code).toBe(0);
  expect([...ran.stdout, ...ran.stderr].join('\n')).not.toContain('hunter2');
});

it('prints faults as JSON when asked, and a file that is not there is one', async () => {
  const folder = await files({ 'rules.yaml': GOOD_RULES.replace('window', 'windw') });
  const file = join(folder, 'rules.yaml');
  const ran = await runHere(['check', '--format', 'json', file]);
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout[0] ?? '')).toMatchObject({
    faults: expect.arrayContaining([expect.objectContaining({ file, line: 4, column: 5 })]),
  });
  expect(await runHere(['check', join(folder, 'nowhere.yaml')])).toMatchObject({
    code: 1,
    stderr: [expect.stringContaining('nowhere.yaml')],
  });
});

const DOUBTFUL = {
  'driftd.yaml': `rules: [rules.yaml]
models: { fraud: {} }
receivers:
  - name: ml-team
  - name: nobody
route: { receiver: ml-team }
retraining:
  - name: nobody-asks
    argo_events: { url: https://example.com }
    callback_secret: plain
`,
  'rules.yaml': GOOD_RULES.replace('psi_adjusted > 0.1', 'psi_adjusted < 0').replace(
    'schedule:',
    'models: [churn]\n    schedule:',
  ),
};

it('warns of what is hardly meant, and is content all the same', async () => {
  const folder = await files(DOUBTFUL);
  const ran = await runHere(['check', join(folder, 'driftd.yaml')]);
  expect(ran.stdout.map((line) => line.replace(`${folder}/`, ''))).toEqual([
    'driftd.yaml:5:11: warning: no route leads to the receiver "nobody"',
    'driftd.yaml:8:11: warning: no rule asks the retraining target "nobody-asks"',
    'driftd.yaml:8:11: warning: this target is told to report to http://127.0.0.1:9464; set http.external_url',
    'driftd.yaml:10:22: warning: this secret stands in the file for everybody to read; use ${NAME} or callback_secret_file',
    'rules.yaml:3:13: warning: no model of the configuration, which lists not all that may come, fits churn',
    'rules.yaml:9:15: warning: the condition can never hold: psi_adjusted is always at least 0',
    '2 files checked, no fault, 6 warnings',
  ]);
  expect(ran).toMatchObject({ code: 0, stderr: [] });
});

it('takes warnings for faults when it is to be strict', async () => {
  const folder = await files(DOUBTFUL);
  const ran = await runHere(['check', '--strict', join(folder, 'driftd.yaml')]);
  expect(ran).toMatchObject({ code: 1, stderr: ['6 warnings found, and --strict'] });
  const good = await files({ 'driftd.yaml': 'rules: [rules.yaml]\n', 'rules.yaml': GOOD_RULES });
  expect(await runHere(['check', '--strict', join(good, 'driftd.yaml')])).toMatchObject({ code: 0 });
});

it('prints warnings as JSON, apart from faults', async () => {
  const folder = await files(DOUBTFUL);
  const ran = await runHere(['check', '--format', 'json', join(folder, 'driftd.yaml')]);
  const { faults, warnings } = JSON.parse(ran.stdout[0] ?? '') as { faults: object[]; warnings: object[] };
  expect(faults).toEqual([]);
  expect(warnings).toHaveLength(6);
  expect(warnings[0]).toEqual({
    file: join(folder, 'driftd.yaml'),
    line: 5,
    column: 11,
    message: 'no route leads to the receiver "nobody"',
  });
});
