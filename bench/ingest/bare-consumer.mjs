/**
 * Reads a topic from its beginning with kafkajs and nothing else, and prints what that took as JSON. A process of its own, in
 * JavaScript: to translate TypeScript takes memory, too.
 *
 * Usage: node bare-consumer.mjs BROKERS TOPIC EVENTS count|parse
 */
import { Kafka, logLevel } from 'kafkajs';

const [brokers = '', topic = '', events = '0', work = 'count'] = process.argv.slice(2);
const parses = work === 'parse';

const consumer = new Kafka({
  brokers: brokers.split(','),
  clientId: 'driftd-bench',
  logLevel: logLevel.NOTHING,
}).consumer({
  groupId: `bare-${process.pid}-${Date.now()}`,
  // Larger than driftd's own, of 1 MB: what it is compared with shall not be held back by small fetches.
  maxBytesPerPartition: 4 * 1024 * 1024,
  maxWaitTimeInMs: 500,
});
let seen = 0;
let objects = 0;
let begun = 0;
let cpu = process.cpuUsage();
const done = new Promise((resolve) => {
  void consumer.connect().then(async () => {
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) {
          if (parses && typeof JSON.parse(value.toString('utf8')) === 'object') objects += 1;
          seen += 1;
        }
        if (seen >= Number(events)) resolve();
      },
    });
  });
  consumer.on(consumer.events.GROUP_JOIN, () => {
    begun = performance.now();
    cpu = process.cpuUsage();
  });
});
await done;
const { user, system } = process.cpuUsage(cpu);
console.log(
  JSON.stringify({
    events: seen,
    objects,
    seconds: (performance.now() - begun) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    peakRss: process.resourceUsage().maxRSS * 1024,
  }),
);
await consumer.disconnect();
