import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { modelPolicies } from '../config/model-policies.ts';
import { type WeakestQuery, type WeakestSegments, weakestSegments } from '../pipeline/weakest-segments.ts';
import type { CommandContext } from './context.ts';
import { callDaemon } from './daemon-call.ts';
import { textOrJson } from './format-option.ts';
import { printLine } from './print-line.ts';
import { timeOf } from './time-option.ts';
import { withStore } from './with-store.ts';

interface Place {
  readonly config?: string;
  readonly url?: string;
}

interface WeakestFlags extends Place, Omit<WeakestQuery, 'version'> {
  readonly modelVersion?: string;
  readonly format: 'text' | 'json';
}

export function addSegments(program: Command, context: CommandContext): void {
  const segments = program.command('segments').description('slices of what a model is asked');
  segments
    .command('weakest')
    .description('name the segments in which a model does worse than elsewhere, by its labels')
    .requiredOption('--model <name>', 'the model; its configuration declares the features to search')
    .option('--model-version <version>', 'only this version')
    .option(
      '--from <time>',
      'where to begin, such as 2026-11-01 or 2026-11-01T06:00Z; else a day before --to',
      timeOf,
    )
    .option('--to <time>', 'where to end; else where labels are due', timeOf)
    .option('--format <format>', 'text or json', textOrJson, 'text')
    .option('--config <file>', 'configuration file, whose store is read')
    .option('--url <url>', 'a running driftd to ask in its place, such as http://127.0.0.1:9464')
    .action((flags: WeakestFlags) => weakest(flags, context));
}

async function weakest(flags: WeakestFlags, context: CommandContext): Promise<void> {
  const { model, modelVersion: version, from, to, format } = flags;
  const query = {
    model,
    ...(version !== undefined && { version }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
  const found = await ask(query, flags, context);
  if (format === 'json') context.output.print(JSON.stringify(found));
  else for (const line of linesOf(found)) printLine(context.output, line);
}

/** An embedded store belongs to the daemon while that runs, and then it has to be asked. */
async function ask(
  query: WeakestQuery,
  { config: file, url }: Place,
  context: CommandContext,
): Promise<WeakestSegments> {
  if (url !== undefined) return askDaemon(query, url);
  if (file === undefined)
    throw new DriftdError('input', 'say where: --config FILE, or --url of a running driftd');
  const found = await withStore(file, context, (config, store) =>
    weakestSegments(query, store, modelPolicies(config), systemClock.now()),
  );
  if ('fault' in found) throw new DriftdError('input', found.fault);
  return found;
}

async function askDaemon({ from, to, ...names }: WeakestQuery, url: string): Promise<WeakestSegments> {
  const times = Object.entries({ from, to }).flatMap(([key, time]) =>
    time === undefined ? [] : [[key, new Date(time).toISOString()]],
  );
  const parameters = new URLSearchParams({ ...names, ...Object.fromEntries(times) });
  return (await callDaemon(url, 'GET', `segments/weakest?${parameters}`)) as WeakestSegments;
}

function linesOf(found: WeakestSegments): string[] {
  const { period, labelled, sampled, mean, tested, weakest: named, explained } = found;
  const head = [
    `${period.from.slice(0, 16)}Z to ${period.to.slice(0, 16)}Z: ${labelled} labelled predictions`,
    ...(sampled > 1 ? [`one in ${sampled}`] : []),
    ...(mean === null ? [] : [`${tested} segments`, `all ${valueText(mean, explained)}`]),
  ].join(', ');
  if (named.length === 0) return [head, 'no segment is worse than the others beyond noise'];
  const rows = [
    ['segment', 'labelled', explained === 'wrong' ? 'wrong' : 'distance', 'all others', 'q-value'],
    ...named.map(({ segment, n, now, rest_now: rest, q_value: q }) => [
      segment,
      String(n),
      valueText(now, explained),
      rest === null ? 'n/a' : valueText(rest, explained),
      q < 1e-300 ? '<1e-300' : q.toPrecision(2),
    ]),
  ];
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return [
    head,
    ...rows.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ];
}

function valueText(value: number, explained: WeakestSegments['explained']): string {
  return explained === 'wrong'
    ? `${Number((value * 100).toPrecision(3))} %`
    : String(Number(value.toPrecision(3)));
}
