/** Between these two values lies what was estimated, with the confidence that was asked for. */
export interface ConfidenceInterval {
  readonly lower: number;
  readonly upper: number;
}

/** The normal quantile of a two-sided interval of 95 %. */
export const Z_95 = 1.959963984540054;
