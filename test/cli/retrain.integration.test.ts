import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { RetrainDesk } from '../../src/pipeline/retraining/retrain-desk.ts';
import type { Store } from '../../src/store/client.ts';
import { startApi } from '../http/api-server.ts';
import { DAY, INSTANT, optionsOf } from '../notify/examples.ts';
import { bring, storeRequest } from '../pipeline/retraining/stored-request.ts';
import { storesOfSuite } from '../support/stores.ts';
import { type Ran, runHere } from './recorder.ts';

const RETRAINING = [{ name: 'pipeline', argo_events: { url: 'http://127.0.0.1:1' } }];
const stores = storesOfSuite('server');

interface Scene {
  readonly store: Store;
  run(...argv: string[]): Promise<Ran>;
}

/** By way of the store, or of a daemon, as people with an embedded store do. */
async function scene(way: 'store' | 'daemon'): Promise<Scene> {
  const store = await stores.fresh();
  await storeRequest(store, { id: 'a', at: INSTANT - DAY });
  await bring(store, 'a', 'sent', 'failed');
  await storeRequest(store, { id: 'b', suggested: true });
  const folder = await mkdtemp(join(tmpdir(), 'driftd-retrain-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'driftd.yaml');
  const options = { ...stores.options(store.database), request_timeout: '20s' };
  await writeFile(config, stringify({ store: options, retraining: RETRAINING }));
  if (way === 'store')
    return { store, run: (...argv) => runHere(['retrain', ...argv, '--config', config], { USER: 'ann' }) };
  const targets = () => optionsOf({ retraining: RETRAINING }).retraining;
  const clock = { now: () => INSTANT };
  const desk = new RetrainDesk({ clock, store, targets });
  const { url } = await startApi(INSTANT, {
    retrain: { clock, desk: () => desk, targets, ownOrigins: () => [] },
  });
  return { store, run: (...argv) => runHere(['retrain', ...argv, '--url', url], { USER: 'ann' }) };
}

describe.each(['store', 'daemon'] as const)('driftd retrain, by way of the %s', (way) => {
  it('lists, shows, approves and cancels requests', async () => {
    const { run } = await scene(way);
    const { stdout } = await run('list');
    expect(stdout).toEqual([
      '2026-11-22 09:00  suggested    b  pipeline  fraud 7  amount of fraud drifted',
      '2026-11-21 09:00  failed       a  pipeline  fraud 7  amount of fraud drifted',
    ]);
    expect((await run('list', '--state', 'failed', '--model', 'fraud')).stdout).toHaveLength(1);
    const { retrains } = JSON.parse((await run('list', '--format', 'json')).stdout[0] ?? '');
    expect(retrains).toMatchObject([{ id: 'b', state: 'suggested' }, { id: 'a' }]);

    const approved = await run('approve', 'b');
    expect(approved.stdout[0]).toContain('requested    b  pipeline');
    expect((await run('show', 'b')).stdout).toEqual([
      expect.stringContaining('requested    b'),
      expect.stringMatching(/^ {2}2026-11-22 09:00 {2}suggested$/),
      expect.stringMatching(/requested {4}by ann$/),
    ]);
    const cancelled = await run('cancel', 'b', '--reason', 'too early', '--author', 'bob');
    expect(cancelled.stdout[0]).toContain('cancelled');
    expect((await run('show', 'b')).stdout.at(-1)).toContain('by bob: too early');
  });

  it('says what cannot be', async () => {
    const { run } = await scene(way);
    expect(await run('approve', 'a')).toMatchObject({
      code: 1,
      stderr: [expect.stringContaining('it was not suggested, and is failed')],
    });
    expect(await run('show', 'c')).toMatchObject({
      code: 1,
      stderr: [expect.stringContaining('there is no retraining request c')],
    });
    expect(await run('list', '--state', 'done')).toMatchObject({ code: 1 });
  });
});
