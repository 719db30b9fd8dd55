import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { DURATION_FORM, parseDuration } from '../base/duration.ts';
import { DriftdError } from '../base/errors.ts';
import type { SilenceJson } from '../http/suppression-json.ts';
import type { CommandContext } from './context.ts';
import { addDeskOptions, authorOf, type DeskFlags } from './desk-options.ts';
import { textOrJson } from './format-option.ts';
import { matchersOf, matchersText } from './matcher-arguments.ts';
import { printLine } from './print-line.ts';
import { openDesk } from './suppression-desk.ts';

interface AddFlags extends DeskFlags {
  readonly duration: string;
  readonly start?: string;
  readonly end?: string;
  readonly author?: string;
  readonly comment: string;
}

export function addSilence(program: Command, context: CommandContext): void {
  const silence = program.command('silence').description('make, list and end silences, as amtool does');
  addDeskOptions(
    silence
      .command('add')
      .description('tell nobody of alerts that fit all matchers, for a while; prints the id of the silence')
      .argument('<matchers...>', 'such as model=fraud feature=~"am.*"; a first word alone is an alertname')
      .option('--duration <duration>', 'for how long', '1h')
      .option('--start <instant>', 'from when on (default: now)')
      .option('--end <instant>', 'until when, instead of a duration')
      .option('--author <name>', 'by whom (default: $USER)')
      .requiredOption('--comment <text>', 'why'),
  ).action((matchers: string[], flags: AddFlags) => add(matchers, flags, context));
  addDeskOptions(
    silence
      .command('list')
      .description('list silences that hold or are still to begin')
      .option('--expired', 'those that ended in the last 5 days, too', false)
      .option('--format <format>', 'text or json', textOrJson, 'text'),
  ).action((flags: DeskFlags & { expired: boolean; format: 'text' | 'json' }) => list(flags, context));
  addDeskOptions(
    silence
      .command('expire')
      .description('end silences now')
      .argument('<ids...>', 'as add and list print them'),
  ).action((ids: string[], flags: DeskFlags) => expire(ids, flags, context));
}

async function add(matchers: readonly string[], flags: AddFlags, context: CommandContext): Promise<void> {
  const start = instantOf('--start', flags.start) ?? systemClock.now();
  const duration = parseDuration(flags.duration);
  if (duration === undefined) throw new DriftdError('input', `--duration: expected ${DURATION_FORM}`);
  const body = {
    matchers: matchersOf(matchers),
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(instantOf('--end', flags.end) ?? start + duration).toISOString(),
    createdBy: authorOf(flags.author, context),
    comment: flags.comment,
  };
  const desk = await openDesk(flags, context);
  try {
    context.output.print(await desk.addSilence(body));
  } finally {
    await desk.close();
  }
}

async function list(
  flags: DeskFlags & { expired: boolean; format: 'text' | 'json' },
  context: CommandContext,
): Promise<void> {
  const desk = await openDesk(flags, context);
  try {
    const all = await desk.silences();
    const shown = all.filter(({ status }) => flags.expired || status.state !== 'expired');
    if (flags.format === 'json') context.output.print(JSON.stringify(shown));
    else for (const silence of shown) printLine(context.output, silenceLine(silence));
  } finally {
    await desk.close();
  }
}

async function expire(ids: readonly string[], flags: DeskFlags, context: CommandContext): Promise<void> {
  const desk = await openDesk(flags, context);
  try {
    for (const id of ids) await desk.expireSilence(id);
  } finally {
    await desk.close();
  }
}

function silenceLine({ id, status, matchers, endsAt, startsAt, createdBy, comment }: SilenceJson): string {
  const when =
    status.state === 'pending' ? `from ${minute(startsAt)} to ${minute(endsAt)}` : `until ${minute(endsAt)}`;
  return `${id}  ${status.state.padEnd(7)}  ${when}  ${matchersText(matchers)}  ${createdBy}: ${comment}`;
}

function instantOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const instant = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(instant)) return instant;
  throw new DriftdError('input', `${flag}: expected an instant such as 2026-11-22T08:00:00Z`);
}

function minute(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
