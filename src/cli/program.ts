import { Command, CommanderError } from 'commander';
import { DriftdError, messageOf } from '../base/errors.ts';
import { addAck } from './ack.ts';
import { addBaseline } from './baseline.ts';
import { addCheck } from './check.ts';
import { addCompare } from './compare.ts';
import { type CommandContext, EXIT } from './context.ts';
import { addDemo } from './demo.ts';
import { addMigrate } from './migrate.ts';
import { addNotify } from './notify.ts';
import { addReplay } from './replay.ts';
import { addRun } from './run.ts';
import { addSendTest } from './send-test.ts';
import { addSilence } from './silence.ts';
import { addVerify } from './verify.ts';

/**
 * The command line, unparsed: so that tests can ask it what it accepts.
 *
 * @param onFound is called by a command that did its work and found what it was to look for.
 */
export function createProgram(context: CommandContext, onFound: () => void = () => undefined): Command {
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
  addRun(program, context);
  addDemo(program, context);
  addReplay(program, context);
  addBaseline(program, context);
  addCompare(program, context, onFound);
  addCheck(program, context);
  addSilence(program, context);
  addAck(program, context);
  addNotify(program, context);
  addSendTest(program, context);
  addMigrate(program, context);
  addVerify(program, context, onFound);
  return program;
}

/** Runs one command line. @returns the exit code; whatever went wrong has been told on stderr. */
export async function runCommand(argv: readonly string[], context: CommandContext): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(context, () => {
    code = EXIT.found;
  });
  try {
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
