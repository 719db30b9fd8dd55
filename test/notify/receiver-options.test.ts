import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { notifyOptionsShape } from '../../src/notify/receiver-options.ts';
import { DAY, optionsOf } from './examples.ts';

const schema = z.strictObject(notifyOptionsShape);
const URL_SECRET = 'T0-very-secret';

function messagesFor(written: object): string[] {
  const { error } = schema.safeParse(written);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

function target(webhook: object): object {
  return { retraining: [{ name: 'pipeline', webhook }] };
}

describe('notifyOptionsShape', () => {
  it('fills in the documented defaults', () => {
    const options = optionsOf({
      receivers: [{ name: 'team', slack_configs: [{ api_url: 'https://hooks.slack.com/services/x' }] }],
      route: { receiver: 'team', routes: [{ receiver: 'team', matchers: ['severity="critical"'] }] },
      ...target({ url: 'http://trainer', secret: 's' }),
    });
    expect(options.receivers[0]).toMatchObject({
      webhook_configs: [],
      slack_configs: [{ send_resolved: true }],
    });
    expect(options.route).toMatchObject({
      group_by: ['model', 'version'],
      group_wait: 30_000,
      group_interval: 5 * 60_000,
      repeat_interval: 4 * 3_600_000,
      routes: [{ continue: false }],
    });
    expect(options.retraining[0]).toMatchObject({
      cooldown: DAY,
      max_per_day: 1,
      mode: 'auto',
      timeout: DAY,
      min_labelled: 0,
    });
  });

  it('works without anything', () => {
    expect(optionsOf({})).toMatchObject({
      receivers: [],
      retraining: [],
      time_intervals: [],
      delivery: { give_up_after: DAY },
    });
  });

  it('takes a list of inhibit rules for the whole list', () => {
    expect(optionsOf({}).inhibit_rules.length).toBeGreaterThan(0);
    expect(optionsOf({ inhibit_rules: [] }).inhibit_rules).toEqual([]);
  });

  it.each([
    [
      { route: { receiver: 'a', routes: [{ receiver: 'a', matchers: ['severity'] }] } },
      'route.routes.0.matchers.0',
    ],
    [{ route: { receiver: 'a', group_by: ['a-b'] } }, 'route.group_by.0'],
    [{ route: { receiver: 'a', group_by: ['...', 'model'] } }, 'route.group_by'],
    [{ route: { receiver: 'a', group_by: ['model', 'model'] } }, 'route.group_by'],
    [{ route: { receiver: 'a', group_wait: '30 s' } }, 'route.group_wait'],
    [{ route: { receiver: 'a', group_interval: '0s' } }, 'route.group_interval'],
    [{ route: { receiver: 'a', matchers: ['a=b'] } }, 'route'],
    [{ route: { receiver: 'a', mute_time_intervals: ['nights'] } }, 'route'],
    [
      { route: { receiver: 'a', routes: [{ routes: [{ repeat_interval: '0s' }] }] } },
      'route.routes.0.routes.0.repeat_interval',
    ],
    [
      { inhibit_rules: [{ source_matchers: [], target_matchers: ['a=b'] }] },
      'inhibit_rules.0.source_matchers',
    ],
    [
      { inhibit_rules: [{ source_matchers: ['a=b'], target_matchers: ['a=b'], equal: ['x y'] }] },
      'inhibit_rules.0.equal.0',
    ],
    [{ receivers: [{ name: 'a/b' }] }, 'receivers.0.name'],
    [{ receivers: [{ name: 'a', slack_configs: [{ url: 'https://x' }] }] }, 'receivers.0.slack_configs.0'],
    [
      { retraining: [{ name: 'a', webhook: { url: 'http://x', secret: 's' }, cooldown: '1 day' }] },
      'retraining.0.cooldown',
    ],
    [
      { retraining: [{ name: 'a', webhook: { url: 'http://x', secret: 's' }, max_per_day: 0 }] },
      'retraining.0.max_per_day',
    ],
    [target({ url: 'http://x' }), 'retraining.0.webhook.secret'],
    [{ retraining: [{ name: 'a' }] }, 'retraining.0'],
    [
      {
        retraining: [
          { name: 'a', argo_events: { url: 'http://x' }, webhook: { url: 'http://x', secret: 's' } },
        ],
      },
      'retraining.0',
    ],
    [{ retraining: [{ name: 'a', argo_events: { url: 'http://x' }, mode: 'ask' }] }, 'retraining.0.mode'],
    [
      { retraining: [{ name: 'a', airflow: { url: 'http://x', dag_id: 'd', username: 'u' } }] },
      'retraining.0.airflow.username',
    ],
    [
      {
        retraining: [
          {
            name: 'a',
            github_workflow_dispatch: {
              repository: 'a/b',
              token: 't',
              workflow: 'w',
              inputs: { model: 'modell' },
            },
          },
        ],
      },
      'retraining.0.github_workflow_dispatch.inputs.model',
    ],
  ])('refuses %j at %s', (written, path) => {
    expect(messagesFor(written).join('\n')).toContain(`${path}: `);
  });

  it.each([
    { url: `ftp://x/${URL_SECRET}`, secret: 's' },
    { url: `x/${URL_SECRET}`, secret: 's' },
    { url: `https://user:${URL_SECRET}@x/`, secret: 's' },
    { url: 'https://x', secret: `whsec_${URL_SECRET}` },
  ])('does not repeat a secret when it refuses %j', (webhook) => {
    const messages = messagesFor(target(webhook));
    expect(messages).toHaveLength(1);
    expect(messages.join()).not.toContain(URL_SECRET);
  });

  it('becomes a JSON Schema that shows durations as they are written', () => {
    const json = JSON.stringify(z.toJSONSchema(schema, { io: 'input' }));
    expect(json).toContain('"default":"24h"');
    expect(json).not.toContain('"matches"');
  });

  it('describes every key', () => {
    const undescribed: string[] = [];
    const root = z.toJSONSchema(schema, { io: 'input' });
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(Reflect.get(node, 'properties') ?? {})) {
        if (Reflect.get(Object(child), 'description') === undefined) undescribed.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      visit(Reflect.get(node, 'items'), `${path}[]`);
    };
    visit(root, '');
    for (const [name, definition] of Object.entries(root.$defs ?? {})) visit(definition, name);
    expect(undescribed).toEqual([]);
  });
});
