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
    expect(options.route).toMatchObject({ group_by: ['model', 'version'], routes: [{ continue: false }] });
    expect(options.retraining[0]).toMatchObject({ cooldown: DAY, daily_limit: 1 });
  });

  it('works without anything', () => {
    expect(optionsOf({})).toEqual({ receivers: [], retraining: [] });
  });

  it.each([
    [
      { route: { receiver: 'a', routes: [{ receiver: 'a', matchers: ['severity'] }] } },
      'route.routes.0.matchers.0',
    ],
    [{ route: { receiver: 'a', group_by: ['...'] } }, 'route.group_by.0'],
    [{ route: { receiver: 'a', group_wait: '30s' } }, 'route'],
    [{ receivers: [{ name: 'a/b' }] }, 'receivers.0.name'],
    [{ receivers: [{ name: 'a', slack_configs: [{ url: 'https://x' }] }] }, 'receivers.0.slack_configs.0'],
    [
      { retraining: [{ name: 'a', webhook: { url: 'http://x', secret: 's' }, cooldown: '1 day' }] },
      'retraining.0.cooldown',
    ],
    [
      { retraining: [{ name: 'a', webhook: { url: 'http://x', secret: 's' }, daily_limit: 0 }] },
      'retraining.0.daily_limit',
    ],
    [target({ url: 'http://x' }), 'retraining.0.webhook.secret'],
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
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, child] of Object.entries(Reflect.get(node, 'properties') ?? {})) {
        if (Reflect.get(Object(child), 'description') === undefined) undescribed.push(`${path}.${key}`);
        visit(child, `${path}.${key}`);
      }
      visit(Reflect.get(node, 'items'), `${path}[]`);
    };
    visit(z.toJSONSchema(schema, { io: 'input' }), '');
    expect(undescribed).toEqual([]);
  });
});
