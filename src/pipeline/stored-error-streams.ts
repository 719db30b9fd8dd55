import type { Logger } from 'pino';
import type { Millis } from '../base/clock.ts';
import type { Store } from '../store/client.ts';
import { newestErrorStreams, projectErrorStream, saveErrorStream } from '../store/error-streams.ts';
import { labelledErrors } from '../store/labelled-errors.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import { ErrorStreams } from './error-streams.ts';
import type { ModelPolicies } from './model-policy.ts';

export interface ErrorStreamParts {
  readonly store: Store;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  readonly backfill: Millis;
  readonly assertOwner: () => void;
}

/** Wires the streams of errors to the store. */
export function createErrorStreams(parts: ErrorStreamParts): ErrorStreams {
  const { store, logger, telemetry, directory, policies, backfill, assertOwner } = parts;
  return new ErrorStreams({
    directory,
    policies,
    backfill,
    labelledErrors: (model, period, after, limit) =>
      labelledErrors(store, { model, ...period }, policies(model), after, limit),
    newest: () => newestErrorStreams(store),
    save: async (row) => {
      assertOwner();
      await saveErrorStream(store, row);
    },
    project: (row) => projectErrorStream(store, row),
    onAdvanced: ({ model, advancedTo, panes, changes }) => {
      telemetry.errorStreamTime.set({ model }, advancedTo / 1000);
      const observed = panes.reduce((sum, { observations }) => sum + observations, 0);
      telemetry.errorStreamObservations.inc({ model }, observed);
      for (const { version, detector, signal, at, observation } of changes) {
        telemetry.errorChanges.inc({ model, detector, signal });
        if (signal === 'warning') continue;
        logger.info(
          { model, version, detector, signal, at: new Date(at).toISOString(), observation },
          'the errors of a model have changed',
        );
      }
    },
  });
}
