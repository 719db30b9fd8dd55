import type { Command } from 'commander';
import type { CommandContext } from './context.ts';
import { textOrJson } from './format-option.ts';
import { testReport, testReportJson } from './test/report.ts';
import { runTestFiles } from './test/run-test-files.ts';

interface TestFlags {
  readonly format: 'text' | 'json';
}

/** @param onFailed is called when a test fails. */
export function addTest(program: Command, { output }: CommandContext, onFailed: () => void): void {
  program
    .command('test')
    .description('run unit tests of rules on a simulated clock; exit 3 when one fails')
    .argument('<files...>', 'files of rule tests')
    .option('--format <format>', 'text or json', textOrJson, 'text')
    .action(async (files: string[], { format }: TestFlags) => {
      const results = await runTestFiles(files);
      output.print(format === 'json' ? testReportJson(results) : testReport(results));
      if (results.some(({ mismatches }) => mismatches.length > 0)) onFailed();
    });
}
