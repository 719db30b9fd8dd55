/** What it took to read a topic from its beginning to its end. */
export interface Reading {
  readonly events: number;
  readonly seconds: number;
  /** Of all threads of the process. */
  readonly cpuSeconds: number;
  /** In bytes. */
  readonly peakRss: number;
}
