import type { Command } from 'commander';
import { runDaemon } from '../app.ts';
import { systemClock } from '../base/clock.ts';
import { settingsFrom, sourceReader } from '../config/sources.ts';
import type { CommandContext } from './context.ts';
import { tuneHeap } from './tune-heap.ts';

export function addRun(
  program: Command,
  { output, environment, signal, version, onHangup = () => undefined }: CommandContext,
): void {
  program
    .command('run')
    .description('watch models: read Kafka, evaluate rules, send alerts; until SIGTERM')
    .requiredOption('--config <file>', 'configuration file')
    .action(async ({ config: file }: { config: string }) => {
      const read = sourceReader(file, environment);
      const sources = await read();
      const { config, groups } = settingsFrom(sources);
      tuneHeap('path' in config.store);
      const logger = output.logger(config.log.level);
      const reload = { sources, read, onHangup };
      await runDaemon({ config, groups, clock: systemClock, logger, signal, version, reload });
    });
}
