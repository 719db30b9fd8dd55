import type { Command } from 'commander';
import { loadConfig } from '../config/load.ts';
import { openStore } from '../store/client.ts';
import { migrate } from '../store/migrate.ts';
import type { CommandContext } from './context.ts';

export function addMigrate(program: Command, { output, environment }: CommandContext): void {
  program
    .command('migrate')
    .description('create or update the tables; driftd run does the same at its start')
    .requiredOption('--config <file>', 'configuration file')
    .action(async ({ config: file }: { config: string }) => {
      const config = await loadConfig(file, environment);
      const store = await openStore(config.store);
      try {
        const migrations = await migrate(store);
        output.print(
          `${store.location}: database ${store.database} is up to date (${migrations.join(', ')})`,
        );
      } finally {
        await store.close();
      }
    });
}
