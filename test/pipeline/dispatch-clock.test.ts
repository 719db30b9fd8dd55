import { expect, it } from 'vitest';
import { byTheClock } from '../../src/pipeline/dispatch-clock.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf, INSTANT, optionsOf } from '../notify/examples.ts';

import { MemoryDispatch } from './memory-dispatch.ts';

const ALERT = alertOf({ labels: { model: 'fraud', alertname: 'FeatureDrift' } });

it('asks for silences only while an alert fires, or somebody waits to hear that it ended', async () => {
  const memory = new MemoryDispatch();
  const dispatcher = memory.process(
    optionsOf({
      receivers: [{ name: 'team', webhook_configs: [{ url: 'http://127.0.0.1:1/' }] }],
      route: { receiver: 'team', group_wait: '0s', group_interval: '1s' },
    }),
  );
  let asked = 0;
  let now = INSTANT;
  const dispatching = byTheClock(dispatcher, { now: () => now }, async () => {
    asked += 1;
  });
  const look = async (firing: readonly Alert[]): Promise<number> => {
    now += 60_000;
    asked = 0;
    await dispatching.catchUp({ firing, horizon: now }, undefined);
    return asked;
  };
  await dispatching.takeOver();
  expect(await look([])).toBe(0);
  expect(await look([ALERT])).toBe(1);
  expect(memory.messages).toHaveLength(1);
  const { fingerprint } = ALERT;
  memory.transitions.set(fingerprint, { alert: { ...ALERT, status: 'resolved' }, at: now });
  expect(await look([])).toBe(1);
  expect(memory.messages).toHaveLength(2);
  expect(await look([])).toBe(0);
});
