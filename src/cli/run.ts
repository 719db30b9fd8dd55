import type { Command } from 'commander';
import { runDaemon } from '../app.ts';
import { systemClock } from '../base/clock.ts';
import { loadConfig } from '../config/load.ts';
import { loadRuleGroups } from '../config/rule-files.ts';
import type { CommandContext } from './context.ts';

export function addRun(program: Command, { output, environment, signal, version }: CommandContext): void {
  program
    .command('run')
    .description('watch models: read Kafka, evaluate rules, send alerts; until SIGTERM')
    .requiredOption('--config <file>', 'configuration file')
    .action(async ({ config: file }: { config: string }) => {
      const config = await loadConfig(file, environment);
      const groups = await loadRuleGroups(config, file);
      const logger = output.logger(config.log.level);
      await runDaemon({ config, groups, clock: systemClock, logger, signal, version });
    });
}
