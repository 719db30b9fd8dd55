/**
 * Waits with kafkajs and nothing else for records that do not come, and prints the CPU seconds that this took. A process of its own.
 *
 * Usage: node bare-idle.ts BROKERS TOPIC SETTLE_SECONDS SECONDS
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', topic = '', settle = '0', seconds = '0'] = process.argv.slice(2);

const consumer = new Kafka({
  brokers: brokers.split(','),
  clientId: 'driftd-bench',
  logLevel: logLevel.NOTHING,
}).consumer({ groupId: `idle-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 500 });
await consumer.connect();
await consumer.subscribe({ topic });
await consumer.run({ autoCommit: false, eachBatch: async () => undefined });
await sleep(Number(settle) * 1_000);
const before = process.cpuUsage();
await sleep(Number(seconds) * 1_000);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1e6);
await consumer.disconnect();
