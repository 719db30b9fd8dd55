import { describe, expect, it } from 'vitest';
import { Stops } from '../../src/base/stops.ts';

const never = (): Promise<void> => new Promise(() => undefined);

describe('Stops', () => {
  it('ends what was opened last first, one after another', async () => {
    const stops = new Stops();
    const seen: string[] = [];
    for (const name of ['store', 'broker', 'http']) {
      stops.add(name, async () => {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
      });
    }
    await stops.run(10_000, () => seen.push('failure'));
    expect(seen).toEqual(['http', 'broker', 'store'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('goes on when a stop fails, and names it', async () => {
    const stops = new Stops();
    const seen: string[] = [];
    stops.add('store', async () => void seen.push('store ended'));
    stops.add('broker', async () => {
      throw new Error('connection lost');
    });
    stops.add('http', () => {
      throw new Error('was never open');
    });
    await stops.run(10_000, (name, why) => seen.push(`${name}: ${why}`));
    expect(seen).toEqual(['http: was never open', 'broker: connection lost', 'store ended']);
  });

  it('leaves behind what does not end in time, and still gives the others theirs', async () => {
    const stops = new Stops();
    const seen: string[] = [];
    stops.add('store', async () => void seen.push('store ended'));
    stops.add('broker', never);
    await stops.run(0, (name, why) => seen.push(`${name}: ${why}`));
    expect(seen).toEqual([expect.stringMatching(/^broker: still not done after \d+ ms$/), 'store ended']);
  });

  it('stops everything once, however often it is asked', async () => {
    const stops = new Stops();
    let stopped = 0;
    stops.add('store', async () => {
      stopped += 1;
    });
    await stops.run(10_000, () => undefined);
    await stops.run(10_000, () => undefined);
    expect(stopped).toBe(1);
  });
});
