import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * What a run amounts to. A file that could not be loaded and an error outside any test count as one failure each, so
 * that a run that failed never reports none.
 */
export function countResults(modules: Iterable<TestModule>, unhandledErrors: number): Counts {
  const counts = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    let failedTests = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') counts.passed += 1;
      else if (state === 'skipped') counts.skipped += 1;
      else failedTests += 1;
    }
    // A hook of the file or of a suite can fail without any test of it failing.
    counts.failed += failedTests === 0 && !module.ok() ? 1 : failedTests;
  }
  return counts;
}

/** `N passed, N failed`, with `, N skipped` when there are any. */
export function closingLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** Prints one machine-readable line after everything else that vitest has to say. */
export class ClosingLineReporter implements Reporter {
  #line: string | undefined;

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    // Coverage and teardown messages come after this call, so the line waits for the end of the process.
    if (this.#line === undefined) process.once('exit', () => console.log(this.#line));
    this.#line = closingLine(countResults(modules, unhandledErrors.length));
  }
}
