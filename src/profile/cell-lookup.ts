/** 2^52: added to a number below it and taken away again, it leaves the nearest whole number. */
const WHOLE = 2 ** 52;

/** From this many edges in one bucket on, halving beats walking. */
const WALK_LIMIT = 8;

/**
 * Finds the cell of a value in nearly constant time: a uniform index narrows the edges down to those of one bucket.
 *
 * `find(x)` is the number of edges strictly below x, exactly, for every finite x: the bucket of a value never falls as
 * the value rises, whatever is lost to rounding, so all edges below x lie in its bucket or before it.
 *
 * Edges are finite, ascending and distinct; at least one.
 */
export class CellLookup {
  readonly edges: Float64Array;
  readonly first: number;
  readonly last: number;
  readonly scale: number;
  /** starts[b] = number of edges whose bucket lies below b. */
  readonly starts: Uint32Array;

  constructor(edges: Float64Array) {
    this.edges = edges;
    this.first = edges[0] as number;
    this.last = edges[edges.length - 1] as number;
    const buckets = 2 ** Math.ceil(Math.log2(4 * edges.length));
    const width = this.last - this.first;
    const scale = buckets / width;
    // One edge, or a width that doubles cannot divide: a single bucket.
    this.scale = Number.isFinite(scale) && Number.isFinite(width) ? scale : 0;
    this.starts = new Uint32Array(buckets + 2);
    for (const edge of edges) this.starts[this.#bucket(edge) + 1]! += 1;
    for (let b = 1; b < this.starts.length; b += 1) this.starts[b]! += this.starts[b - 1] as number;
  }

  #bucket(x: number): number {
    // As `wasm/columns.ts` rounds, which needs no more than an addition.
    return ((x - this.first) * this.scale + WHOLE - WHOLE) | 0;
  }

  find(x: number): number {
    if (x <= this.first) return 0;
    if (x > this.last) return this.edges.length;
    const bucket = this.#bucket(x);
    let low = this.starts[bucket] as number;
    let high = this.starts[bucket + 1] as number;
    while (high - low > WALK_LIMIT) {
      const middle = (low + high) >>> 1;
      if ((this.edges[middle] as number) < x) low = middle + 1;
      else high = middle;
    }
    while (low < high && (this.edges[low] as number) < x) low += 1;
    return low;
  }
}
