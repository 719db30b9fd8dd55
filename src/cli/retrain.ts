import { type Command, InvalidArgumentError } from 'commander';
import { RETRAIN_STATES, type RetrainState } from '../notify/retrain-states.ts';
import type { RetrainView } from '../pipeline/retraining/retrain-view.ts';
import type { CommandContext } from './context.ts';
import { addDeskOptions, authorOf, type DeskFlags } from './desk-options.ts';
import { textOrJson } from './format-option.ts';
import { printLine } from './print-line.ts';
import { openRetrainDesk } from './retrain-desk.ts';

interface ListFlags extends DeskFlags {
  readonly model?: string;
  readonly state?: RetrainState;
  readonly limit: number;
  readonly format: 'text' | 'json';
}

interface DecideFlags extends DeskFlags {
  readonly author?: string;
  readonly reason?: string;
}

export function addRetrain(program: Command, context: CommandContext): void {
  const retrain = program.command('retrain').description('requests for new models: what becomes of them');
  addDeskOptions(
    retrain
      .command('list')
      .description('list requests, the newest first')
      .option('--model <name>', 'only for this model')
      .option('--state <state>', `only those that are ${RETRAIN_STATES.join(', ')}`, stateOf)
      .option('--limit <count>', 'not more than so many', countOf, 100)
      .option('--format <format>', 'text or json', textOrJson, 'text'),
  ).action((flags: ListFlags) => list(flags, context));
  addDeskOptions(
    retrain
      .command('show')
      .description('show all that became of a request')
      .argument('<id>', 'as list prints it')
      .option('--format <format>', 'text or json', textOrJson, 'text'),
  ).action((id: string, flags: DeskFlags & { format: 'text' | 'json' }) => show(id, flags, context));
  addDeskOptions(
    retrain
      .command('approve')
      .description('let a suggested request be sent')
      .argument('<id>', 'as list prints it')
      .option('--author <name>', 'by whom (default: $USER)'),
  ).action((id: string, flags: DecideFlags) => decide('approve', id, flags, context));
  addDeskOptions(
    retrain
      .command('cancel')
      .description('decline a suggested request, or wait no longer for one; what runs at the target goes on')
      .argument('<id>', 'as list prints it')
      .option('--author <name>', 'by whom (default: $USER)')
      .option('--reason <text>', 'why'),
  ).action((id: string, flags: DecideFlags) => decide('cancel', id, flags, context));
}

function stateOf(text: string): RetrainState {
  const state = RETRAIN_STATES.find((known) => known === text);
  if (state !== undefined) return state;
  throw new InvalidArgumentError(`Expected one of ${RETRAIN_STATES.join(', ')}.`);
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text) || text === '1000') return Number(text);
  throw new InvalidArgumentError('Expected a whole number up to 1000.');
}

async function list(flags: ListFlags, context: CommandContext): Promise<void> {
  const desk = await openRetrainDesk(flags, context);
  try {
    const { model, state, limit } = flags;
    const retrains = await desk.list({
      limit,
      ...(model !== undefined && { model }),
      ...(state !== undefined && { state }),
    });
    if (flags.format === 'json') context.output.print(JSON.stringify({ retrains }));
    else for (const view of retrains) printLine(context.output, line(view));
  } finally {
    await desk.close();
  }
}

async function show(
  id: string,
  flags: DeskFlags & { format: 'text' | 'json' },
  { output, ...context }: CommandContext,
): Promise<void> {
  const desk = await openRetrainDesk(flags, { output, ...context });
  try {
    const view = await desk.get(id);
    if (flags.format === 'json') return output.print(JSON.stringify(view));
    printLine(output, line(view));
    for (const { state, at, author, reason } of view.steps) {
      const about = [author === '' ? '' : `by ${author}`, reason].filter((part) => part !== '').join(': ');
      printLine(output, `  ${minute(at)}  ${state.padEnd(11)}  ${about}`.trimEnd());
    }
  } finally {
    await desk.close();
  }
}

async function decide(
  what: 'approve' | 'cancel',
  id: string,
  flags: DecideFlags,
  context: CommandContext,
): Promise<void> {
  const author = authorOf(flags.author, context);
  const desk = await openRetrainDesk(flags, context);
  try {
    const view = await (what === 'approve'
      ? desk.approve(id, author)
      : desk.cancel(id, author, flags.reason ?? ''));
    printLine(context.output, line(view));
  } finally {
    await desk.close();
  }
}

function line({
  id,
  state,
  since,
  model,
  version,
  target,
  new_version: newVersion,
  why,
}: RetrainView): string {
  const result = newVersion === null ? '' : ` -> ${newVersion}`;
  return `${minute(since)}  ${state.padEnd(11)}  ${id}  ${target}  ${model} ${version}${result}  ${why}`;
}

function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
