/**
 * A 32-bit hash of a text, for sketches and not for security: whoever knows the seed can make texts that collide.
 *
 * MurmurHash3_x86_32 over the UTF-16 code units of the text, each as two bytes, the low one first. Two seeds give two
 * hashes that are as good as independent. The same text and seed give the same hash on every machine.
 *
 * Source: Austin Appleby, MurmurHash3 (2011), https://github.com/aappleby/smhasher; in the public domain.
 *
 * @param seed 32 bits.
 * @returns an integer from 0 to 2^32 - 1.
 *
 * @example
 * murmurHash3('\u6574\u7473', 0); // 0xba6bd213: the bytes of `test` in ASCII
 */
export function murmurHash3(text: string, seed: number): number {
  const { length } = text;
  let hash = seed | 0;
  for (let i = 0; i + 1 < length; i += 2) {
    hash ^= scramble(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  if (length % 2 === 1) hash ^= scramble(text.charCodeAt(length - 1));
  hash ^= 2 * length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
