import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { registerCodecs } from '../../../src/ingest/kafka/codecs/register-codecs.ts';
import { describeWithKafka, kafkaClient, produce, randomName, withAdmin } from '../../support/kafka.ts';
import { poll } from '../../support/poll.ts';

/** Text that packs well, some that does not, and one message larger than a block of LZ4. */
function messages(count: number): string[] {
  const random = seededRandom(5);
  const noise = (length: number): string =>
    Array.from({ length }, () => String.fromCharCode(33 + Math.floor(random() * 90))).join('');
  return Array.from({ length: count }, (_, i) => {
    if (i === 7) return 'a'.repeat(300_000) + noise(100_000);
    return i % 3 === 0 ? noise(200) : `{"n":${i},"text":"${'over and over '.repeat(i % 40)}"}`;
  });
}

describeWithKafka('registerCodecs', () => {
  // The broker packs anew what it gets, with the codecs of the Java client.
  it.each(['snappy', 'lz4', 'zstd', 'gzip'])(
    'reads batches that the broker packed with %s',
    async (codec) => {
      registerCodecs();
      const topic = randomName('codec');
      await withAdmin((admin) =>
        admin.createTopics({
          waitForLeaders: true,
          topics: [
            {
              topic,
              numPartitions: 1,
              configEntries: [
                { name: 'compression.type', value: codec },
                { name: 'max.message.bytes', value: '16000000' },
              ],
            },
          ],
        }),
      );
      const sent = messages(500);
      await produce(
        topic,
        sent.map((value) => ({ value })),
      );
      const consumer = (await kafkaClient()).consumer({ groupId: randomName('group') });
      await consumer.connect();
      try {
        const received: string[] = [];
        await consumer.subscribe({ topic, fromBeginning: true });
        await consumer.run({
          eachMessage: async ({ message }) => {
            received.push(String(message.value));
          },
        });
        await poll(() => (received.length >= sent.length ? true : undefined), {
          timeoutMs: 30_000,
          everyMs: 50,
          what: `${sent.length} messages`,
        });
        expect(received).toEqual(sent);
      } finally {
        await consumer.disconnect();
      }
    },
  );
});
