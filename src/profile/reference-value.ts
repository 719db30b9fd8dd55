/** A metric of the reference data, with the number of rows behind it. */
export interface ReferenceValue {
  readonly value: number;
  readonly n: number;
}
