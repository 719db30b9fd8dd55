/**
 * The mean rank of each cell's values among the values of both samples, as a share of their number and
 * measured from the middle: -0.5 to 0.5. An empty cell gets that of the gap it stands in.
 *
 * @param size number of values in both samples
 */
export function centredMidranks(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  size: number,
): Float64Array {
  const ranks = new Float64Array(reference.length);
  let below = 0;
  for (let i = 0; i < ranks.length; i += 1) {
    const share = ((reference[i] as number) + (current[i] as number)) / size;
    ranks[i] = below + share / 2 - 0.5;
    below += share;
  }
  return ranks;
}
