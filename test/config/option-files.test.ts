import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatFault } from '../../src/base/fault.ts';
import { type CheckedConfig, checkConfig } from '../../src/config/load.ts';

/** Checks a configuration that stands in a folder with these files. */
function check(text: string, files: Readonly<Record<string, string>>, environment = {}): CheckedConfig {
  const folder = mkdtempSync(join(tmpdir(), 'driftd-option-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return checkConfig(join(folder, 'driftd.yaml'), text, environment);
}

function told({ faults }: CheckedConfig): string[] {
  return faults.map((fault) => formatFault(fault).replace(/[^\s']*\/driftd-option-files-[^/]+\//g, ''));
}

const STORE = `store:
  url: http://clickhouse:8123
  password_file: password
`;

const RECEIVER = `receivers:
  - name: ml-team
    slack_configs:
      - api_url_file: slack
route: { receiver: ml-team }
`;

describe('an option that is given as a file', () => {
  it('is the content of the file, beside the configuration, without the line end', () => {
    const { config, faults } = check(STORE + RECEIVER, {
      password: ' p:a "s" s \n',
      slack: 'https://hooks.slack.com/services/T0\r\n',
    });
    expect(faults).toEqual([]);
    expect(config?.store).toMatchObject({ password: ' p:a "s" s ' });
    expect(config?.receivers[0]?.slack_configs[0]?.api_url).toBe('https://hooks.slack.com/services/T0');
    expect(JSON.stringify(config)).not.toContain('_file');
  });

  it('loses one line end only, and keeps what looks like a variable', () => {
    const { config } = check(STORE, { password: '${HOME}\n\n' });
    expect(config?.store).toMatchObject({ password: '${HOME}\n' });
  });

  it('may have a variable in its path', () => {
    const { config } = check(STORE.replace('password\n', '"${NAME}"\n'), { secret: 'x' }, { NAME: 'secret' });
    expect(config?.store).toMatchObject({ password: 'x' });
  });

  it('must be readable', () => {
    expect(told(check(STORE, {}))).toEqual([
      "driftd.yaml:3:18: password_file: cannot be read: ENOENT: no such file or directory, open 'password'",
    ]);
  });

  it.each([
    ['is empty', '\n'],
    ['is larger than 1048576 bytes', 'x'.repeat(1_048_577)],
  ])('must not name a file that %s', (fault, content) => {
    expect(told(check(STORE, { password: content }))).toEqual([
      `driftd.yaml:3:18: password_file: password ${fault}`,
    ]);
  });

  it.each(['7', '""', '[a]', 'null'])('must be a path, and not %s', (path) => {
    expect(told(check(`store:\n  url: http://x\n  password_file: ${path}\n`, {}))).toEqual([
      expect.stringMatching(/^driftd.yaml:3:1[89]: password_file: expected the path of a file$/),
    ]);
  });

  it('must not stand beside the option itself', () => {
    expect(told(check(`${STORE}  password: x\n`, { password: 'y' }))).toEqual([
      'driftd.yaml:3:18: password_file: give either "password" or "password_file", not both',
    ]);
  });

  it('is checked like the option itself, at the place of the file, and its content is not repeated', () => {
    expect(told(check(RECEIVER, { slack: 'ftp://hooks/T0-very-secret' }))).toEqual([
      'driftd.yaml:4:23: receivers.0.slack_configs.0.api_url_file: must be an http or https URL',
    ]);
  });

  it('is named where neither of the two is given', () => {
    expect(told(check(RECEIVER.replace('api_url_file: slack', 'send_resolved: true'), {}))).toEqual([
      'driftd.yaml:4:9: missing key "api_url" or "api_url_file"',
    ]);
  });

  it('is known to the search for the nearest key', () => {
    expect(told(check(STORE.replace('password_file', 'pasword_file'), {}))).toEqual([
      'driftd.yaml:3:3: unknown key "pasword_file"; did you mean "password_file"?',
    ]);
  });
});
