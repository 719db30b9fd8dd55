import { Command, CommanderError } from 'commander';
import { DriftdError, messageOf } from '../base/errors.ts';
import { type CommandContext, EXIT } from './context.ts';

/** Adds a command to the program. `onFound` is for one that did its work and found what it was to look for. */
type AddCommand = (program: Command, context: CommandContext, onFound: () => void) => void;

/** In the order of the help. Each is loaded when it is needed: together they are half of the time that a short one takes. */
const COMMANDS: ReadonlyMap<string, () => Promise<AddCommand>> = new Map([
  ['run', async () => (await import('./run.ts')).addRun],
  ['demo', async () => (await import('./demo.ts')).addDemo],
  ['replay', async () => (await import('./replay.ts')).addReplay],
  ['baseline', async () => (await import('./baseline.ts')).addBaseline],
  ['compare', async () => (await import('./compare.ts')).addCompare],
  ['check', async () => (await import('./check.ts')).addCheck],
  ['test', async () => (await import('./test.ts')).addTest],
  ['backtest', async () => (await import('./backtest.ts')).addBacktest],
  ['silence', async () => (await import('./silence.ts')).addSilence],
  ['ack', async () => (await import('./ack.ts')).addAck],
  ['notify', async () => (await import('./notify.ts')).addNotify],
  ['segments', async () => (await import('./segments.ts')).addSegments],
  ['retrain', async () => (await import('./retrain.ts')).addRetrain],
  ['send-test', async () => (await import('./send-test.ts')).addSendTest],
  ['migrate', async () => (await import('./migrate.ts')).addMigrate],
  ['verify', async () => (await import('./verify.ts')).addVerify],
]);

/**
 * The command line, unparsed: so that tests can ask it what it accepts.
 *
 * @param only the command that is meant, where it is known; else all are there.
 */
export async function createProgram(
  context: CommandContext,
  onFound: () => void = () => undefined,
  only?: string,
): Promise<Command> {
  const program = new Command('driftd')
    .description('Watches machine-learning models in production: Kafka in, drift out, a model retrained.')
    .version(context.version)
    .showHelpAfterError('(run "driftd --help" for all commands)')
    .configureOutput({
      writeOut: (text) => context.output.print(text.trimEnd()),
      writeErr: (text) => context.output.complain(text.trimEnd()),
    })
    // Both hold for every command added below.
    .exitOverride();
  const meant = COMMANDS.get(only ?? '');
  for (const load of meant === undefined ? COMMANDS.values() : [meant]) {
    const add = await load();
    add(program, context, onFound);
  }
  return program;
}

/** Runs one command line. @returns the exit code; whatever went wrong has been told on stderr. */
export async function runCommand(argv: readonly string[], context: CommandContext): Promise<number> {
  let code: number = EXIT.ok;
  const found = (): void => {
    code = EXIT.found;
  };
  try {
    const program = await createProgram(context, found, argv[0]);
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    // Commander has printed its message; --help and --version end with 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.input;
    if (context.signal.aborted) return EXIT.interrupted;
    context.output.complain(error instanceof DriftdError ? error.message : `unexpected: ${stackOf(error)}`);
    return error instanceof DriftdError && error.code === 'input' ? EXIT.input : EXIT.environment;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}
