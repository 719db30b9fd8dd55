import { dirname, relative, resolve } from 'node:path';
import { DriftdError } from '../../base/errors.ts';
import { type Fault, formatFault } from '../../base/fault.ts';
import { findRuleFiles, readTexts } from '../../config/rule-files.ts';
import { type Mismatch, runRuleTest } from '../../pipeline/rule-test/run-rule-test.ts';
import { loadRules } from '../../rules/load-rules.ts';
import type { RuleGroup } from '../../rules/rule.ts';
import { loadTests } from '../../rules/unit-test/load-tests.ts';
import type { RuleTest } from '../../rules/unit-test/rule-test.ts';

export interface TestResult {
  readonly test: RuleTest;
  /** Empty when the test passed. */
  readonly mismatches: readonly Mismatch[];
  readonly milliseconds: number;
}

interface ReadFile {
  readonly tests: readonly RuleTest[];
  readonly groups: readonly RuleGroup[];
}

/** Reads all files, then runs all tests. Throws an `input` error that lists every fault in tests and in the rules they name. */
export async function runTestFiles(files: readonly string[]): Promise<TestResult[]> {
  const faults: Fault[] = [];
  const read: ReadFile[] = [];
  for (const { file, text } of await readTexts(files)) read.push(await readTestFile(file, text, faults));
  if (faults.length > 0) throw new DriftdError('input', [...new Set(faults.map(formatFault))].join('\n'));
  const results: TestResult[] = [];
  for (const { tests, groups } of read) {
    for (const test of tests) {
      const begun = performance.now();
      const mismatches = await runRuleTest(test, groups);
      results.push({ test, mismatches, milliseconds: performance.now() - begun });
    }
  }
  return results;
}

async function readTestFile(file: string, text: string, faults: Fault[]): Promise<ReadFile> {
  const loaded = loadTests(file, text);
  faults.push(...loaded.faults);
  if (loaded.faults.length > 0) return { tests: [], groups: [] };
  const folder = dirname(resolve(file));
  const paths = await findRuleFiles(loaded.rules, folder);
  if (paths.length === 0)
    throw new DriftdError('input', `${file}: no rule file fits ${loaded.rules.join(', ')} in ${folder}`);
  const texts = await readTexts(paths);
  // As short as the name of the file that names them.
  const named = texts.map((rule) => ({ ...rule, file: relative(process.cwd(), rule.file) }));
  const { groups, faults: found } = loadRules(named, {});
  faults.push(...found);
  return { tests: loaded.tests, groups };
}
