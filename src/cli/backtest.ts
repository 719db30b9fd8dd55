import { type Command, InvalidArgumentError } from 'commander';
import type { Millis } from '../base/clock.ts';
import { backtestReport, backtestReportJson } from './backtest/report.ts';
import { runBacktest } from './backtest/run-backtest.ts';
import type { CommandContext } from './context.ts';
import { textOrJson } from './format-option.ts';

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

const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Without a time of day, the start of that day, UTC. */
function timeOf(text: string): Millis {
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError(
      'Expected a day or a time with its zone, such as 2026-11-01 or 2026-11-01T06:00Z.',
    );
  return time;
}
