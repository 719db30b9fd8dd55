import type { Command } from 'commander';
import type { Millis } from '../base/clock.ts';
import { backtestReport, backtestReportJson } from './backtest/report.ts';
import { runBacktest } from './backtest/run-backtest.ts';
import type { CommandContext } from './context.ts';
import { textOrJson } from './format-option.ts';
import { timeOf } from './time-option.ts';

interface BacktestFlags {
  readonly config: string;
  readonly rules?: readonly string[];
  readonly from?: Millis;
  readonly to?: Millis;
  readonly format: 'text' | 'json';
}

export function addBacktest(program: Command, context: CommandContext): void {
  program
    .command('backtest')
    .description('say what rules would have done on the stored history; writes nothing')
    .requiredOption('--config <file>', 'configuration file; the history comes from its store')
    .option('--rules <files...>', 'rule files to try instead of those that the configuration names')
    .option(
      '--from <time>',
      'where to begin, such as 2026-11-01 or 2026-11-01T06:00Z; else with the history',
      timeOf,
    )
    .option('--to <time>', 'where to end; else with the history', timeOf)
    .option('--format <format>', 'text or json', textOrJson, 'text')
    .action(async ({ format, ...flags }: BacktestFlags) => {
      const result = await runBacktest(flags, context);
      context.output.print(
        format === 'json'
          ? backtestReportJson(result)
          : backtestReport(result, context.output.screen?.columns),
      );
    });
}
