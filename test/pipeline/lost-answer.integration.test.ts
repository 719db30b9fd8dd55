import { expect, it, onTestFinished } from 'vitest';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import { openStore } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';
import { partitionProgress } from '../../src/store/progress.ts';
import { startClickHouse } from '../support/clickhouse-server.ts';
import { baselineOf, predictionOf } from '../support/events.ts';
import { activationOf, POLICY } from '../support/open-chunks.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { ingestProcess } from './ingest-parts.ts';
import { MemoryLog, Owner } from './memory-log.ts';
import { steadyLog } from './steady-log.ts';
import { countedEvents } from './stored-counts.ts';

it('counts once what the store took but never acknowledged', async () => {
  const server = await startClickHouse();
  onTestFinished(() => server.stop());
  const proxy = await startTcpProxy(server.port);
  onTestFinished(() => proxy.stop());
  const url = `http://127.0.0.1:${proxy.port}`;
  const store = await openStore({
    url,
    database: 'driftd',
    username: 'default',
    password: '',
    request_timeout: 20_000,
  });
  onTestFinished(() => store.close());
  await migrate(store);
  const baseline = baselineOf([0, 7].map((amount) => predictionOf({ features: { amount } })));
  await saveBaseline(store, baseline, 'file');
  await saveActivation(store, activationOf(baseline));
  const log = new MemoryLog(steadyLog(58));
  const { open } = await ingestProcess(store, () => POLICY);
  const owner = new Owner(log, open);

  for (const size of [20, 10, 28]) {
    await owner.step(size);
    const before = proxy.swallowed;
    await proxy.setMode('drop-answers');
    const flush = owner.worker.flush();
    await expect.poll(() => proxy.swallowed, { timeout: 10_000 }).toBeGreaterThan(before);
    await proxy.setMode('pass');
    await flush;
  }

  const events = [...(await countedEvents(store)).values()].reduce((sum, count) => sum + count, 0);
  expect(events).toBe(58);
  expect(await partitionProgress(store)).toMatchObject([{ endOffset: 58 }]);
  expect(log.committed).toBe(50);
});
