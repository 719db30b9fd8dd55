import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { runDaemon } from '../app.ts';
import { systemClock } from '../base/clock.ts';
import { readSources, settingsFrom } from '../config/sources.ts';
import type { CommandContext } from './context.ts';

const HEAP_GROWTH = '--heap-growing-percent';
/**
 * Old space grows by a third before it is collected, not to the double: most of what a flush makes is gone with the next, and a
 * process with an embedded store shall stay small.
 */
const COLLECT_SOON = `${HEAP_GROWTH}=30`;

export function addRun(
  program: Command,
  { output, environment, signal, version, onHangup = () => undefined }: CommandContext,
): void {
  program
    .command('run')
    .description('watch models: read Kafka, evaluate rules, send alerts; until SIGTERM')
    .requiredOption('--config <file>', 'configuration file')
    .action(async ({ config: file }: { config: string }) => {
      const read = () => readSources(file, environment);
      const sources = await read();
      const { config, groups } = settingsFrom(sources);
      const isChosen = process.execArgv.some((flag) => flag.startsWith(HEAP_GROWTH));
      if ('path' in config.store && !isChosen) setFlagsFromString(COLLECT_SOON);
      const logger = output.logger(config.log.level);
      const reload = { sources, read, onHangup };
      await runDaemon({ config, groups, clock: systemClock, logger, signal, version, reload });
    });
}
