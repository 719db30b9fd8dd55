/**
 * The point a share t of the way from a to b, rounded as NumPy rounds it: from the nearer end, so that t = 0
 * gives a and t = 1 gives b exactly. Unlike NumPy it stays finite when b - a does not fit into a double.
 *
 * @param t 0 to 1
 */
export function interpolate(a: number, b: number, t: number): number {
  const width = b - a;
  if (!Number.isFinite(width)) return a * (1 - t) + b * t;
  return t < 0.5 ? a + width * t : b - width * (1 - t);
}
