import { randomUUID } from 'node:crypto';
import { freePort } from './free-port.ts';
import { type KafkaBroker, startBroker } from './kafka-broker.ts';

/** Several brokers that are controllers as well; any one of three may die, and the rest goes on. */
export interface KafkaCluster {
  /** Addresses of all of them. */
  readonly brokers: readonly string[];
  readonly nodes: readonly KafkaBroker[];
  stop(): Promise<void>;
}

/** Starts `size` brokers side by side, and waits until each answers. */
export async function startCluster(
  size: number,
  config: Readonly<Record<string, string>> = {},
): Promise<KafkaCluster> {
  const clusterId = randomUUID();
  const ports: Array<{ readonly id: number; readonly port: number; readonly controller: number }> = [];
  for (let id = 1; id <= size; id += 1)
    ports.push({ id, port: await freePort(), controller: await freePort() });
  const voters = ports.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',');
  const started = await Promise.allSettled(
    ports.map(({ id, port, controller }) =>
      startBroker({
        port,
        clusterId,
        shortLived: true,
        config: {
          'node.id': String(id),
          'controller.quorum.voters': voters,
          listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
          'offsets.topic.replication.factor': String(Math.min(size, 3)),
          'transaction.state.log.replication.factor': String(Math.min(size, 3)),
          ...config,
        },
      }),
    ),
  );
  const nodes = started.flatMap((node) => (node.status === 'fulfilled' ? [node.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.allSettled(nodes.map((node) => node.stop()));
  };
  const failed = started.find((node) => node.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return { brokers: nodes.flatMap((node) => node.brokers), nodes, stop };
}
