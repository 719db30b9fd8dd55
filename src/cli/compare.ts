import { stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DriftdError, messageOf } from '../base/errors.ts';
import { formatFault } from '../base/fault.ts';
import { readTexts } from '../config/rule-files.ts';
import { compareFiles } from '../pipeline/compare/compare-files.ts';
import type { Comparison } from '../pipeline/compare/comparison.ts';
import type { NamedColumns } from '../pipeline/compare/named-columns.ts';
import type { PerformanceOptions } from '../pipeline/compare/performance-of-table.ts';
import { loadRules } from '../rules/load-rules.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { comparisonHtml } from './compare/html.ts';
import { comparisonJson } from './compare/json.ts';
import { comparisonTable } from './compare/table.ts';
import { hasDrifted, verdictLine } from './compare/verdict.ts';
import type { CommandContext } from './context.ts';
import { type Progress, progressBar } from './progress.ts';

const FORMATS = ['table', 'json', 'html'] as const;
type Format = (typeof FORMATS)[number];

/** Where a table is printed on something that has no width, such as a pipe. */
const PAGE_WIDTH = 100;

interface CompareFlags {
  readonly reference: string[];
  readonly current: string[];
  readonly format?: Format;
  readonly out?: string;
  readonly rules?: string[];
  readonly timestamp?: string;
  readonly label?: string;
  readonly prediction?: string;
  readonly score?: string;
  readonly positive?: string;
  readonly threshold?: number;
  readonly task?: 'classification' | 'regression';
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly text: readonly string[];
  readonly embedding: readonly string[];
  readonly ignore: readonly string[];
}

/** @param onDrift is told that the command, though it succeeds, ends with the exit code for drift. */
export function addCompare(program: Command, context: CommandContext, onDrift: () => void): void {
  const columns = (flags: string, description: string): Option =>
    new Option(flags, description).default([], 'none').argParser(columnNames);
  program
    .command('compare')
    .description('compare two tables (CSV, NDJSON, each also .gz, or Parquet); exit 3 when something drifted')
    .requiredOption('--reference <files...>', 'data as it should be')
    .requiredOption('--current <files...>', 'data to look at')
    .addOption(
      new Option(
        '--format <format>',
        'form of the report (default: by the name of --out, else table)',
      ).choices(FORMATS),
    )
    .option('--out <file>', 'write the report to a file')
    .option('--rules <files...>', 'rule files that say what drift is (default: the rules that ship)')
    .option('--timestamp <column>', 'column with the time of the rows (ISO-8601, or epoch ms)')
    .option('--label <column>', 'column with the ground truth')
    .option('--prediction <column>', 'column with the prediction')
    .option('--score <column>', 'column with the score')
    .option('--positive <value>', 'the class that precision, recall and the score are about')
    .option('--threshold <score>', 'score from which a row without prediction counts as positive', numberOf)
    .addOption(
      new Option('--task <task>', 'what the model does (default: by its labels and predictions)').choices([
        'classification',
        'regression',
      ]),
    )
    .addOption(columns('--numeric <columns>', 'columns of numbers, separated by commas'))
    .addOption(columns('--categorical <columns>', 'columns of categories'))
    .addOption(columns('--text <columns>', 'columns of free text'))
    .addOption(columns('--embedding <columns>', 'columns of arrays of numbers, all of one length'))
    .addOption(columns('--ignore <columns>', 'columns that are not looked at'))
    .action(async (flags: CompareFlags) => {
      const comparison = await compare(flags, context);
      await report(comparison, flags, context);
      if (hasDrifted(comparison)) onDrift();
    });
}

async function compare(flags: CompareFlags, { signal, output }: CommandContext): Promise<Comparison> {
  if (flags.out !== undefined) {
    await checkFolder(flags.out);
    await refuseInput(flags.out, [...flags.reference, ...flags.current]);
  }
  const rules = await loadGroups(flags.rules ?? [shippedRules()]);
  let bar: Progress | undefined;
  try {
    return await compareFiles(
      {
        reference: flags.reference,
        current: flags.current,
        columns: namedColumns(flags),
        performance: performanceOptions(flags),
        rules,
      },
      {
        signal,
        onProgress: (done, total) => {
          bar ??= output.isTerminal ? progressBar('comparing', total) : undefined;
          bar?.update(done);
        },
      },
    );
  } finally {
    bar?.stop();
  }
}

/** A report over the data that it is about would be the end of that data. */
async function refuseInput(out: string, inputs: readonly string[]): Promise<void> {
  const target = await stat(out).catch(() => undefined);
  if (target === undefined) return;
  for (const input of inputs) {
    const source = await stat(input).catch(() => undefined);
    if (source !== undefined && source.dev === target.dev && source.ino === target.ino) {
      throw new DriftdError('input', `--out ${out}: is one of the tables that are compared`);
    }
  }
}

async function report(comparison: Comparison, flags: CompareFlags, context: CommandContext): Promise<void> {
  const { output, version } = context;
  const { out } = flags;
  const format = flags.format ?? formatOf(out);
  if (format === 'table' && out === undefined) {
    output.print(comparisonTable(comparison, tableStyle(context)));
    return;
  }
  const text =
    format === 'json'
      ? comparisonJson(comparison)
      : format === 'html'
        ? comparisonHtml(comparison, { version, at: new Date() })
        : comparisonTable(comparison, { width: PAGE_WIDTH, colours: false });
  if (out === undefined) {
    output.print(text);
    return;
  }
  await writeFile(out, `${text}\n`).catch((error: unknown) => {
    throw new DriftdError('environment', `cannot write ${out}: ${messageOf(error)}`, { cause: error });
  });
  if (format !== 'json') output.print(`${verdictLine(comparison)} (${out})`);
}

function formatOf(out: string | undefined): Format {
  const [, ending = ''] = /\.(json|html?)$/i.exec(out ?? '') ?? [];
  if (ending === '') return 'table';
  return ending.toLowerCase() === 'json' ? 'json' : 'html';
}

function tableStyle({ output, environment }: CommandContext): { width: number; colours: boolean } {
  const { screen } = output;
  const isPlain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb';
  // Some terminals do not know how wide they are, and say 0.
  const width = screen === undefined || screen.columns === 0 ? PAGE_WIDTH : screen.columns;
  return { width, colours: screen !== undefined && !isPlain };
}

function namedColumns(flags: CompareFlags): NamedColumns {
  const { timestamp, label, prediction, score, numeric, categorical, text, embedding, ignore } = flags;
  return {
    ...(timestamp !== undefined && { timestamp }),
    ...(label !== undefined && { label }),
    ...(prediction !== undefined && { prediction }),
    ...(score !== undefined && { score }),
    numeric,
    categorical,
    text,
    embedding,
    ignore,
  };
}

function performanceOptions({ task, positive, threshold }: CompareFlags): PerformanceOptions {
  return {
    ...(task !== undefined && { task }),
    ...(positive !== undefined && { positive }),
    ...(threshold !== undefined && { threshold }),
  };
}

/** The rules lie beside the code, in a checkout as in an installed package. */
function shippedRules(): string {
  return fileURLToPath(new URL('../../rules/default.yaml', import.meta.url));
}

async function loadGroups(files: readonly string[]): Promise<readonly RuleGroup[]> {
  const { groups, faults } = loadRules(await readTexts(files), {});
  if (faults.length > 0) throw new DriftdError('input', faults.map(formatFault).join('\n'));
  return groups;
}

/** Before minutes of work whose result could not be kept. */
async function checkFolder(out: string): Promise<void> {
  const folder = dirname(resolve(out));
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new DriftdError('input', `--out: there is no folder ${folder}`);
}

function columnNames(text: string, before: readonly string[]): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...before, ...names];
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.');
  return value;
}
