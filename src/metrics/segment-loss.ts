/** What the labelled events of a population lost: a wrong class loses 1, a number its distance from the label. */
export interface LossSums {
  /** Labelled events. */
  readonly n: number;
  /** Sum of their losses, and of the squares of those. */
  readonly loss: number;
  readonly lossSquares: number;
}

/** What is known of one population in two periods. */
export interface LossChange {
  readonly before: LossSums;
  readonly now: LossSums;
}

/** Undefined of nothing. */
export function meanLoss({ n, loss }: LossSums): number | undefined {
  return n === 0 ? undefined : loss / n;
}

/** What is left of a population without a part of it. */
export function without(whole: LossChange, part: LossChange): LossChange {
  return { before: minus(whole.before, part.before), now: minus(whole.now, part.now) };
}

function minus(whole: LossSums, part: LossSums): LossSums {
  return {
    n: whole.n - part.n,
    loss: whole.loss - part.loss,
    lossSquares: whole.lossSquares - part.lossSquares,
  };
}
