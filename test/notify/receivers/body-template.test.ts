import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBodyTemplate, type TemplateText } from '../../../src/notify/receivers/body-template.ts';
import { alertOf, notificationOf, optionsOf } from '../examples.ts';

function render(written: TemplateText, notification = notificationOf()): { body: unknown; type: string } {
  const parsed = parseBodyTemplate(written);
  if (!('template' in parsed)) throw new Error(JSON.stringify(parsed.faults));
  return { body: parsed.template.render(notification), type: parsed.template.contentType };
}

describe("a body of one's own", () => {
  it('is another one for whoever compares configurations when its text changes', () => {
    const compared = (text: string): string => JSON.stringify(parseBodyTemplate(text));
    expect(compared('{{summary}}')).not.toBe(compared('{{status}}'));
    expect(compared('{{summary}}')).toBe(compared('{{summary}}'));
  });

  it('is a structure that is sent as JSON, whatever the values hold', () => {
    const alerts = [
      alertOf({ annotations: { summary: 'say "no"\nand \\' } }),
      alertOf({ status: 'resolved' }),
    ];
    const { body, type } = render(
      {
        text: '{{status}}: {{summary}} ({{firing}} of {{receiver}})',
        channel: '#{{labels.model}}',
        count: '{{firing}}',
        retries: 3,
        nested: [{ deep: '{{labels.nowhere}}' }, null, true],
        alerts: '{{ alerts }}',
      },
      notificationOf({ alerts }),
    );
    expect(type).toBe('application/json');
    expect(JSON.parse(String(body))).toMatchObject({
      text: 'firing: say "no"\nand \\ (1 of team)',
      channel: '#fraud',
      count: 1,
      retries: 3,
      nested: [{ deep: '' }, null, true],
      alerts: [{ status: 'firing', change: null }, { status: 'resolved' }],
    });
  });

  it('is a text that is sent as it is', () => {
    const { body, type } = render('{{title}} <{{link}}>');
    expect(type).toBe('text/plain; charset=utf-8');
    expect(body).toBe(
      'fraud, version 7: 1 alert firing <https://driftd.example/models/fraud?version=7&to=1>',
    );
    expect(render('{{text}}').body).toContain('FeatureDrift (warning) amount\n  amount of fraud drifted');
    expect(render('{{group_labels}}').body).toBe('{"model":"fraud","version":"7"}');
  });

  it('knows a label that all alerts have, and none where they differ', () => {
    const alerts = [alertOf(), alertOf({ labels: { feature: 'country' } })];
    expect(render('{{labels.version}}/{{labels.feature}}', notificationOf({ alerts })).body).toBe('7/');
  });

  it('says at its place what is wrong with it', () => {
    const parsed = parseBodyTemplate({
      text: ['fine', '{{sumary}}'],
      other: '{{status',
      proto: '{{__proto__}}',
    });
    const faults = 'faults' in parsed ? parsed.faults : [];
    expect(faults.map(({ path }) => path.join('.'))).toEqual(['text.1', 'other', 'proto']);
    expect(faults[0]?.message).toMatch(
      /^unknown name "sumary"; did you mean "summary"\?; known are id, receiver/,
    );
    expect(faults[1]?.message).toBe('"{{" without its other half; write {{name}}');
  });

  it('knows the names that docs/receivers.md lists, and no others', () => {
    const docs = readFileSync(new URL('../../../docs/receivers.md', import.meta.url), 'utf8');
    const table = docs.slice(docs.indexOf('| name '), docs.indexOf('A name that there is not'));
    const listed = table
      .split('\n')
      .flatMap((row) => (row.split('|')[1] ?? '').match(/`[\w.]+`/g) ?? [])
      .map((name) => name.slice(1, -1));
    const parsed = parseBodyTemplate('{{no_such_name}}');
    const [fault] = 'faults' in parsed ? parsed.faults : [];
    const known = (fault?.message.split('known are ')[1] ?? '').split(/, | and /);
    expect([...listed].sort()).toEqual([...known].sort());
  });

  it('is checked with the configuration', () => {
    const webhook = (options: object): object => ({
      receivers: [{ name: 'a', webhook_configs: [{ url: 'http://x', ...options }] }],
    });
    expect(() => optionsOf(webhook({ template: { text: '{{sumary}}' } }))).toThrow('did you mean');
    expect(() => optionsOf(webhook({ template: 'x', format: 'cloudevents' }))).toThrow(
      'leave out the format',
    );
    expect(() => optionsOf(webhook({ template: { text: '{{summary}}' } }))).not.toThrow();
  });
});
