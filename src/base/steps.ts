/**
 * Long work in short steps: it yields between them, so that whoever drives it may let other code have a turn. What it
 * returns does not depend on how it is driven.
 */
export type Steps<Result> = Generator<void, Result, void>;

/** Does all steps in one go. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
