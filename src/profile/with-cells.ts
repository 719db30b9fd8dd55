/** A profile whose counts by cell are other numbers than doubles. */
export type WithCells<Profile, Cells extends ArrayLike<number>> = Omit<Profile, 'cells'> & {
  readonly cells: Cells;
};

/** Counts that may be added to. What is counted of one chunk, which has a thousand million records at most, takes half the memory in 32 bits. */
export type Cells = Float64Array | Int32Array;
