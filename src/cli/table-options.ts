import { type Command, Option } from 'commander';
import type { RowColumns } from '../pipeline/row-event.ts';

/** The flags that say which columns of a table are not features; the same wherever a table is read. */
export interface TableFlags {
  readonly id?: string;
  readonly timestamp?: string;
  readonly versionColumn?: string;
  readonly prediction?: string;
  readonly score?: string;
  readonly label?: string;
}

export function addTableOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--timestamp <column>',
        'column with the event time (ISO-8601, UTC without a zone, or epoch ms)',
      ),
    )
    .addOption(new Option('--prediction <column>', 'column with the prediction'))
    .addOption(new Option('--score <column>', 'column with the score'))
    .addOption(new Option('--label <column>', 'column with the ground truth'))
    .addOption(new Option('--id <column>', 'column with the prediction id'))
    .addOption(new Option('--version-column <column>', 'column with the model version'));
}

export function rowColumns(flags: TableFlags): RowColumns {
  return {
    ...(flags.id !== undefined && { predictionId: flags.id }),
    ...(flags.timestamp !== undefined && { timestamp: flags.timestamp }),
    ...(flags.versionColumn !== undefined && { version: flags.versionColumn }),
    ...(flags.prediction !== undefined && { prediction: flags.prediction }),
    ...(flags.score !== undefined && { score: flags.score }),
    ...(flags.label !== undefined && { label: flags.label }),
  };
}
