import type { Command } from 'commander';
import type { AcknowledgementJson } from '../http/suppression-json.ts';
import type { CommandContext } from './context.ts';
import { addDeskOptions, authorOf, type DeskFlags } from './desk-options.ts';
import { textOrJson } from './format-option.ts';
import { matchersOf, matchersText } from './matcher-arguments.ts';
import { printLine } from './print-line.ts';
import { openDesk } from './suppression-desk.ts';

interface AddFlags extends DeskFlags {
  readonly fingerprint?: string;
  readonly author?: string;
  readonly comment: string;
}

export function addAck(program: Command, context: CommandContext): void {
  const ack = program
    .command('ack')
    .description('acknowledge alerts: no repeats until they resolve or more comes');
  addDeskOptions(
    ack
      .command('add')
      .description('acknowledge what fires and fits all matchers; prints the id of the acknowledgement')
      .argument('[matchers...]', 'such as model=fraud version=7; a first word alone is an alertname')
      .option('--fingerprint <fingerprint>', 'one alert, as /api/v1/alerts names it')
      .option('--author <name>', 'by whom (default: $USER)')
      .option('--comment <text>', 'what is being done', ''),
  ).action((matchers: string[], flags: AddFlags) => add(matchers, flags, context));
  addDeskOptions(
    ack
      .command('list')
      .description('list acknowledgements')
      .option('--format <format>', 'text or json', textOrJson, 'text'),
  ).action((flags: DeskFlags & { format: 'text' | 'json' }) => list(flags, context));
  addDeskOptions(
    ack
      .command('expire')
      .description('take acknowledgements back')
      .argument('<ids...>', 'as add and list print them'),
  ).action((ids: string[], flags: DeskFlags) => expire(ids, flags, context));
}

async function add(matchers: readonly string[], flags: AddFlags, context: CommandContext): Promise<void> {
  const body = {
    matchers: matchersOf(matchers),
    ...(flags.fingerprint !== undefined && { fingerprint: flags.fingerprint }),
    createdBy: authorOf(flags.author, context),
    comment: flags.comment,
  };
  const desk = await openDesk(flags, context);
  try {
    context.output.print(await desk.acknowledge(body));
  } finally {
    await desk.close();
  }
}

async function list(flags: DeskFlags & { format: 'text' | 'json' }, context: CommandContext): Promise<void> {
  const desk = await openDesk(flags, context);
  try {
    const all = await desk.acknowledgements();
    if (flags.format === 'json') context.output.print(JSON.stringify(all));
    else for (const acknowledgement of all) printLine(context.output, line(acknowledgement));
  } finally {
    await desk.close();
  }
}

async function expire(ids: readonly string[], flags: DeskFlags, context: CommandContext): Promise<void> {
  const desk = await openDesk(flags, context);
  try {
    for (const id of ids) await desk.withdraw(id);
  } finally {
    await desk.close();
  }
}

function line({ id, fingerprint, matchers, createdAt, createdBy, comment }: AcknowledgementJson): string {
  const about = [...(fingerprint === null ? [] : [fingerprint]), matchersText(matchers)].join(' ').trim();
  const when = `${createdAt.slice(0, 16).replace('T', ' ')} UTC`;
  return `${id}  ${when}  ${about}  ${createdBy}${comment === '' ? '' : `: ${comment}`}`;
}
