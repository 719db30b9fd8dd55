import { describe, expect, it } from 'vitest';
import type { TestModule } from 'vitest/node';
import { closingLine, countResults } from './closing-line-reporter.ts';

type State = 'passed' | 'failed' | 'skipped' | 'pending';

function moduleWith(states: readonly State[], ok = !states.includes('failed')): TestModule {
  const tests = states.map((state) => ({ result: () => ({ state }) }));
  return { ok: () => ok, children: { allTests: () => tests } } as unknown as TestModule;
}

describe('the closing line', () => {
  it('adds up the tests of all files', () => {
    const modules = [moduleWith(['passed', 'passed', 'skipped']), moduleWith(['passed', 'failed'])];
    expect(closingLine(countResults(modules, 0))).toBe('3 passed, 1 failed, 1 skipped');
  });

  it('leaves skipped tests out when there are none', () => {
    expect(closingLine(countResults([moduleWith(['passed'])], 0))).toBe('1 passed, 0 failed');
  });

  it('counts a file that could not be loaded, and errors outside tests, as failures', () => {
    expect(closingLine(countResults([moduleWith([], false), moduleWith(['passed'])], 2))).toBe(
      '1 passed, 3 failed',
    );
  });

  it('counts a test that never finished as failed', () => {
    expect(closingLine(countResults([moduleWith(['passed', 'pending'])], 0))).toBe('1 passed, 1 failed');
  });
});
