/** Texts that are known, by their bytes: how `src/event/text-table.ts` lays them out. Other modules compile it in. */

/**
 * The number of a text; -1 when it is not known.
 *
 * @param table words: how many slots less one, a power of two less one; then the slots, four words each: number of the text
 *   plus one (0 for an empty slot), address of its bytes, their length, one free; and in the same order the heads, two words
 *   each: the first eight bytes, zeros behind shorter texts.
 * @param head the first eight bytes of the text, which lies at `begin`; not looked at there.
 */
export function textAt(table: usize, head: u64, begin: usize, length: u32): i32 {
  const mask: u32 = load<u32>(table);
  const slots: usize = table + 16;
  const heads: usize = slots + ((<usize>mask + 1) << 4);
  for (let i = hash(head, begin, length) & mask; ; i = (i + 1) & mask) {
    const slot: usize = slots + ((<usize>i) << 4);
    const number: i32 = load<i32>(slot);
    if (number == 0) return -1;
    if (
      load<u64>(heads + ((<usize>i) << 3)) == head &&
      load<u32>(slot, 8) == length &&
      (length <= 8 || sameBehindHead(load<u32>(slot, 4), begin, length))
    ) {
      return number - 1;
    }
  }
  return -1;
}

function sameBehindHead(known: usize, begin: usize, length: u32): bool {
  for (let i: usize = 8; i < <usize>length; i++) if (load<u8>(known + i) != load<u8>(begin + i)) return false;
  return true;
}

/** Where a text stands in a table. `src/event/text-table.ts` has the same. */
function hash(head: u64, begin: usize, length: u32): u32 {
  let mixed = mix(length, head);
  // Names often differ at their end alone. The last word overlaps with the one before.
  for (let at: u32 = 8; at < length; at += 8)
    mixed = mix(mixed, load<u64>(begin + <usize>(at + 8 <= length ? at : length - 8)));
  mixed = (mixed ^ (mixed >> 15)) * 0xc2b2ae35;
  return mixed ^ (mixed >> 16);
}

@inline
function mix(hash: u32, word: u64): u32 {
  const low: u32 = (hash ^ <u32>word) * 0x9e3779b1;
  return (low ^ (low >> 15) ^ <u32>(word >> 32)) * 0x85ebca6b;
}
