import { describe, expect, it } from 'vitest';
import { Availability } from '../../src/base/availability.ts';
import { DriftdError } from '../../src/base/errors.ts';
import { createPatience } from '../../src/store/patience.ts';

const away = new DriftdError('environment', 'the store does not answer', { retryable: true });

/** A call whose attempts end as the test says. */
function call(patience: ReturnType<typeof createPatience>) {
  const attempts: Array<{ fail(): void; succeed(): void }> = [];
  const done = patience(
    () =>
      new Promise<void>((resolve, reject) => {
        attempts.push({ fail: () => reject(away), succeed: resolve });
      }),
    new AbortController().signal,
  );
  const attempt = async (n: number): Promise<{ fail(): void; succeed(): void }> => {
    while (attempts[n] === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    return attempts[n];
  };
  return { attempt, done };
}

function watched() {
  const told: string[] = [];
  const availability = new Availability('store', ({ up }) => told.push(up ? 'up' : 'down'));
  return { told, patience: createPatience(availability, { base: 1, max: 1, random: () => 0.5 }) };
}

describe('patience with a store', () => {
  it('takes no failure for a new outage that was asked for in the old one', async () => {
    const { told, patience } = watched();
    const [first, second] = [call(patience), call(patience)];
    (await first.attempt(0)).fail();
    const retried = await first.attempt(1);
    (await second.attempt(0)).succeed();
    await second.done;
    retried.fail();
    (await first.attempt(2)).succeed();
    await first.done;
    expect(told).toEqual(['down', 'up']);
  });

  it('tells of a call that fails again and again while others are answered', async () => {
    const { told, patience } = watched();
    const [slow, quick] = [call(patience), call(patience)];
    const asked = await slow.attempt(0);
    (await quick.attempt(0)).succeed();
    await quick.done;
    asked.fail();
    const again = await slow.attempt(1);
    const other = call(patience);
    (await other.attempt(0)).succeed();
    await other.done;
    expect(told).toEqual(['up']);
    again.fail();
    (await slow.attempt(2)).succeed();
    await slow.done;
    expect(told).toEqual(['up', 'down', 'up']);
  });
});
