import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { modelPolicies } from '../config/model-policies.ts';
import { type WeakestQuery, type WeakestSegments, weakestSegments } from '../pipeline/weakest-segments.ts';
import { openStore } from '../store/client.ts';
import type { CommandContext } from './context.ts';
import { callDaemon } from './daemon-call.ts';
import { addDeskOptions, type DeskFlags, deskPlace } from './desk-options.ts';
import { textOrJson } from './format-option.ts';
import { timeOf } from './time-option.ts';

interface WeakestFlags extends DeskFlags, Omit<WeakestQuery, 'version'> {
  readonly modelVersion?: string;
  readonly format: 'text' | 'json';
}

export function addSegments(program: Command, context: CommandContext): void {
  const segments = program.command('segments').description('slices of what a model is asked');
  addDeskOptions(
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
      .option('--format <format>', 'text or json', textOrJson, 'text'),
  ).action((flags: WeakestFlags) => weakest(flags, context));
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
  else for (const line of linesOf(found)) context.output.print(line);
}

async function ask(query: WeakestQuery, flags: DeskFlags, context: CommandContext): Promise<WeakestSegments> {
  const place = await deskPlace(flags, context);
  if ('url' in place) {
    const { from, to, ...names } = query;
    const times = Object.entries({ from, to }).flatMap(([key, time]) =>
      time === undefined ? [] : [[key, new Date(time).toISOString()]],
    );
    const parameters = new URLSearchParams({ ...names, ...Object.fromEntries(times) });
    return (await callDaemon(place.url, 'GET', `segments/weakest?${parameters}`)) as WeakestSegments;
  }
  const store = await openStore(place.config.store);
  try {
    const found = await weakestSegments(query, store, modelPolicies(place.config), systemClock.now());
    if ('fault' in found) throw new DriftdError('input', found.fault);
    return found;
  } finally {
    await store.close();
  }
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
      q.toPrecision(2),
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
