import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { type KafkaBroker, startBroker } from './kafka-broker.ts';
import { canRunKafka, HOW_TO_GET_KAFKA } from './kafka-jars.ts';
import type { KafkaSource } from './kafka-source.ts';

/** Tells the integration tests where Kafka is. Costs next to nothing in a run that never asks for a broker. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = (process.env['KAFKA_BROKERS'] ?? '').split(',').filter((broker) => broker !== '');
  const own = await canRunKafka();
  if (given.length > 0 || !own) {
    const shared: KafkaSource['shared'] =
      given.length > 0 ? { kind: 'given', brokers: given } : { kind: 'missing' };
    if (!own && process.env['DRIFTD_REQUIRE_KAFKA'] !== '1') {
      const which = given.length > 0 ? 'that restart a broker' : 'that need Kafka';
      console.error(
        `\nSKIPPED: the integration tests ${which} did not run. To run them, ${HOW_TO_GET_KAFKA}.\n`,
      );
    }
    project.provide('kafka', { shared, own });
    return async () => {};
  }
  const desk = await openDesk();
  project.provide('kafka', { shared: { kind: 'on-demand', port: desk.port }, own });
  return desk.close;
}

/**
 * The tests run in other processes, so they ask over HTTP. The first question starts the broker, and all get the same
 * answer: its addresses as a JSON array.
 */
async function openDesk(): Promise<{ port: number; close(): Promise<void> }> {
  let broker: Promise<KafkaBroker> | undefined;
  const server = createServer((_request, response) => {
    broker ??= startBroker();
    broker.then(
      ({ brokers }) => response.end(JSON.stringify(brokers)),
      (error) => refuse(response, error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await broker?.then(
        (running) => running.stop(),
        () => {},
      );
    },
  };
}

function refuse(response: ServerResponse, error: unknown): void {
  response.statusCode = 500;
  response.end(error instanceof Error ? `${error.message}\n${error.cause ?? ''}` : String(error));
}
