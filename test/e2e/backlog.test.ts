import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers, produce } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { configText, RETRAIN_SECRET, RULES, type Scene, setScene } from './scene.ts';

const PARTITIONS = 3;
const VALUE = JSON.stringify({ model: 'fraud', timestamp: Date.now(), features: { amount: 1 } });

/** So many records for each partition. */
function records(each: number) {
  return Array.from({ length: each * PARTITIONS }, (_, i) => ({ value: VALUE, partition: i % PARTITIONS }));
}

describeWithKafka('a backlog', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
  });
  afterAll(async () => {
    await scene?.close();
  });

  it('is stored when it has been read, hours before the next flush', async () => {
    const [database, predictions] = [randomName('backlog'), randomName('predictions')];
    await createTopic(predictions, PARTITIONS);
    await produce(predictions, records(2_000));
    const config = await scene.write(
      'driftd.yaml',
      configText({
        storeUrl: scene.clickhouse.url,
        database,
        brokers: await kafkaBrokers(),
        predictions,
        sinkUrl: scene.sink.url,
        rules: await scene.write('rules.yaml', RULES),
        more: 'ingest: { flush_interval: 3h }',
      }),
    );
    const daemon = await startDaemon(['run', '--config', config], { env: { RETRAIN_SECRET } });
    const { url } = await daemon.waitForLog(({ msg }) => msg === 'driftd listens', 60_000);
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`${String(url)}/metrics`)).text();
      return text
        .split('\n')
        .filter((line) => line.startsWith(name))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
    };
    const until = (name: string, value: number): Promise<true> =>
      poll(async () => (await metric(name)) >= value || undefined, {
        timeoutMs: 60_000,
        what: `${name} ${value}`,
      });

    await until('driftd_partition_flushed_offset{', 2_000 * PARTITIONS);
    const store = await scene.open(database);
    const progress = await store.query(
      'SELECT partition, end_offset AS end, caught_up FROM {database}.progress FINAL ORDER BY partition',
    );
    expect(progress).toEqual([0, 1, 2].map((partition) => ({ partition, end: 2_000, caught_up: true })));

    expect((await daemon.stop()).code).toBe(0);
  });
});
