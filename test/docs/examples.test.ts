import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { createDecoder } from '../../src/decode/decoder.ts';
import { runHere } from '../cli/recorder.ts';
import { createAuthority } from '../support/certificates.ts';
import { type Block, blocks, REPOSITORY } from './documents.ts';

/** Every variable that an example takes from the environment. */
const ENVIRONMENT = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/X',
  RETRAINING_SECRET: 'whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0',
};

const authority = createAuthority();
const identity = authority.issue('driftd');

/** Every file that an example names. */
const SECRET_FILES = {
  'tls/kafka-ca.pem': authority.cert,
  'tls/driftd.pem': identity.cert,
  'tls/driftd-key.pem': identity.key,
  'secrets/kafka': 'password\n',
  'secrets/kafka-client': 'client secret\n',
  'secrets/slack-webhook': 'https://hooks.slack.com/services/T/B/x\n',
  'secrets/smtp': 'password\n',
  'secrets/pagerduty': 'routing key\n',
  'secrets/teams': 'https://example.com/workflows/x\n',
  'secrets/hook': 'signing secret\n',
  ...Object.fromEntries(
    ['airflow', 'github', 'argo', 'kubeflow', 'aws'].map((name) => [`secrets/${name}`, 'a login\n']),
  ),
};

function isRuleFile({ text }: Block): boolean {
  return Object.hasOwn(parse(text) as object, 'groups');
}

function isTestFile({ text }: Block): boolean {
  return Object.hasOwn(parse(text) as object, 'tests');
}

const yaml = blocks('yaml');
const ruleFiles = yaml.filter(isRuleFile);
const testFiles = yaml.filter(isTestFile);
const configs = yaml.filter((block) => !isRuleFile(block) && !isTestFile(block));

/** What driftd check says about a file, which stands in a folder with others. */
async function check(
  file: string,
  files: Readonly<Record<string, string>>,
): Promise<{ code: number; told: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'driftd-docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { code, stdout } = await runHere(['check', join(folder, file)], ENVIRONMENT);
  return { code, told: stdout.map((line) => line.replace(`${folder}/`, '')) };
}

/** Rules of somebody who uses the retraining targets of a configuration; those that ship ask none. */
function rulesThatAsk(config: string): Record<string, string> {
  const { retraining = [] } = parse(config) as { retraining?: Array<{ name: string }> };
  const rule = (name: string): object => ({
    alert: `Ask ${name}`,
    when: 'f1 < 0.5',
    summary: 'wrong',
    retrain: name,
  });
  const group = {
    name: 'asks',
    schedule: '0 * * * *',
    window: '1h',
    rules: retraining.map(({ name }) => rule(name)),
  };
  return retraining.length === 0 ? {} : { 'rules/asks.yaml': stringify({ groups: [group] }) };
}

function schemaOf(name: string): object {
  return JSON.parse(readFileSync(join(REPOSITORY, `schemas/${name}.schema.json`), 'utf8')) as object;
}

function schemaFaults(name: string, value: unknown): unknown {
  const ajv = new Ajv2020.default({ strict: false });
  return ajv.validate(schemaOf(name), value) ? [] : ajv.errors;
}

const defaultRules = readFileSync(join(REPOSITORY, 'rules/default.yaml'), 'utf8');

describe('the examples in the documents', () => {
  it('are there: configurations, rules and events', () => {
    expect(configs.length).toBeGreaterThan(0);
    expect(ruleFiles.length).toBeGreaterThan(0);
    expect(testFiles.length).toBeGreaterThan(0);
    expect(blocks('json').length).toBeGreaterThan(0);
  });

  it.each(configs)('$place is a configuration that driftd check accepts', async ({ text }) => {
    const files = { ...SECRET_FILES, 'driftd.yaml': text, 'rules/default.yaml': defaultRules };
    const asking = rulesThatAsk(text);
    expect(await check('driftd.yaml', { ...files, ...asking })).toEqual({
      code: 0,
      told: [`${2 + Object.keys(asking).length} files checked, no fault`],
    });
    expect(schemaFaults('driftd', parse(text))).toEqual([]);
  });

  it.each(ruleFiles)('$place is a rules file that driftd check accepts', async ({ text }) => {
    const checked = await check('rules.yaml', { 'rules.yaml': text });
    expect(checked).toEqual({ code: 0, told: ['1 file checked, no fault'] });
    expect(schemaFaults('rules', parse(text))).toEqual([]);
  });

  it.each(testFiles)('$place is a file of rule tests that pass', async ({ text }) => {
    const folder = mkdtempSync(join(tmpdir(), 'driftd-docs-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'tests'));
    writeFileSync(join(folder, 'default.yaml'), defaultRules);
    writeFileSync(join(folder, 'tests/example.yaml'), text);
    expect(await runHere(['test', join(folder, 'tests/example.yaml')])).toMatchObject({
      code: 0,
      stderr: [],
    });
    expect(schemaFaults('rule-tests', parse(text))).toEqual([]);
  });

  it('of the README fit together: its rules find the retraining target of its configuration', async () => {
    const [config, rules] = [configs, ruleFiles].map(
      (all) => all.find(({ file }) => file === 'README.md')?.text,
    );
    const files = { 'driftd.yaml': config ?? '', 'rules/fraud.yaml': rules ?? '' };
    expect((await check('driftd.yaml', files)).code).toBe(0);

    const without = (config ?? '').replace('fraud-pipeline', 'another-pipeline');
    const faulty = await check('driftd.yaml', { ...files, 'driftd.yaml': without });
    expect(faulty.code).toBe(1);
    expect(faulty.told[0]).toMatch(/^rules\/fraud\.yaml:\d+:\d+: unknown retraining target "fraud-pipeline"/);
  });

  it.each(blocks('json'))('$place holds events that driftd takes', ({ text }) => {
    const decode = createDecoder({
      maxBytes: 1_048_576,
      maxAge: 0,
      maxFuture: 0,
      mapping: undefined,
      knowsModel: () => true,
      positiveClass: () => undefined,
    });
    for (const line of text.trim().split('\n')) {
      expect(decode(Buffer.from(line), undefined)).toMatchObject({ kind: 'ok' });
      expect(schemaFaults('event', JSON.parse(line))).toEqual([]);
    }
  });
});
