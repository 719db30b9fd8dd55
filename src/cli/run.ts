import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { runDaemon } from '../app.ts';
import { systemClock } from '../base/clock.ts';
import { readSources, settingsFrom } from '../config/sources.ts';
import type { CommandContext } from './context.ts';

/** A daemon runs for months, and most of what it makes is gone with the next flush: old space grows by a third, not to the double. */
const COLLECT_SOON = '--heap-growing-percent=30';

export function addRun(
  program: Command,
  { output, environment, signal, version, onHangup = () => undefined }: CommandContext,
): void {
  program
    .command('run')
    .description('watch models: read Kafka, evaluate rules, send alerts; until SIGTERM')
    .requiredOption('--config <file>', 'configuration file')
    .action(async ({ config: file }: { config: string }) => {
      setFlagsFromString(COLLECT_SOON);
      const read = () => readSources(file, environment);
      const sources = await read();
      const { config, groups } = settingsFrom(sources);
      const logger = output.logger(config.log.level);
      const reload = { sources, read, onHangup };
      await runDaemon({ config, groups, clock: systemClock, logger, signal, version, reload });
    });
}
