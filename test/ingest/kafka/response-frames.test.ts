import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { presenceOf, ResponseFrames } from '../../../src/ingest/kafka/response-frames.ts';

function frame(length: number, fill: number): Buffer {
  const bytes = Buffer.alloc(4 + length, fill);
  bytes.writeInt32BE(length, 0);
  return bytes;
}

describe('response frames', () => {
  it('puts responses together however the connection cuts them up', () => {
    const random = seededRandom(1);
    const wanted = [5, 0, 300_000, 3, 70_000, 400_000, 1].map((length, i) => frame(length, i));
    const bytes = Buffer.concat(wanted);
    for (let round = 0; round < 50; round += 1) {
      const seen: Buffer[] = [];
      const frames = new ResponseFrames((whole) => seen.push(Buffer.from(whole)));
      const chunk = Buffer.alloc(100_000);
      for (let at = 0; at < bytes.length; ) {
        const length = Math.min(bytes.length - at, 1 + Math.floor(90_000 * random() ** 3));
        // One buffer for all reads, as the socket has.
        bytes.copy(chunk, 0, at, at + length);
        frames.take(chunk.subarray(0, length));
        at += length;
      }
      expect(seen.map((whole) => Buffer.compare(whole, wanted[seen.indexOf(whole)] as Buffer))).toEqual(
        wanted.map(() => 0),
      );
    }
  });

  it('tells of a large response when the next but one has taken its place, and keeps small ones', () => {
    const seen: Buffer[] = [];
    const frames = new ResponseFrames((whole) => seen.push(whole));
    frames.take(frame(400_000, 1));
    frames.take(frame(10, 2));
    const isLargeThere = presenceOf((seen[0] as Buffer).subarray(50, 60));
    const isSmallThere = presenceOf(seen[1] as Buffer);
    expect([isLargeThere(), isSmallThere()]).toEqual([true, true]);
    frames.take(frame(390_000, 3));
    expect([isLargeThere(), isSmallThere(), (seen[0] as Buffer)[300_000]]).toEqual([true, true, 1]);
    frames.take(frame(380_000, 4));
    expect([isLargeThere(), isSmallThere()]).toEqual([false, true]);
  });
});
