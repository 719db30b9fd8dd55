/** A profile whose counts by cell are other numbers than doubles. */
export type WithCells<Profile, Cells extends ArrayLike<number>> = Omit<Profile, 'cells'> & {
  readonly cells: Cells;
};

/** Counts that may be added to. What is counted of one chunk fits into 32 bits, and takes half the memory then. */
export type Cells = Float64Array | Int32Array;
