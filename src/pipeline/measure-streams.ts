import type { Change } from '../metrics/error-stream.ts';
import type { MetricResult } from '../metrics/result.ts';
import { streamMetrics } from '../metrics/stream-metrics.ts';
import type { Period } from '../rules/alert.ts';

/** What the store knows of the stream of errors of a model. */
export interface StreamPorts {
  /** How many errors of each version the detectors were shown of a period. */
  readonly observedErrors: (
    model: string,
    period: Period,
  ) => Promise<ReadonlyArray<{ readonly version: string; readonly observations: number }>>;
  /** What detectors said of the errors in a period, in order. */
  readonly errorChanges: (model: string, period: Period) => Promise<readonly Change[]>;
}

/** What change detectors have to say of a period, by version. */
export interface StreamMeasurements {
  /** Those of which the detectors were shown an error. */
  readonly versions: readonly string[];
  of(version: string): MetricResult[];
}

/** Asks the store what change detectors have to say of a period. */
export async function measureStreams(
  task: 'classification' | 'regression',
  model: string,
  period: Period,
  ports: StreamPorts,
): Promise<StreamMeasurements> {
  const observed = await ports.observedErrors(model, period);
  const changes = await ports.errorChanges(model, period);
  return {
    versions: observed.map(({ version }) => version),
    of: (version) =>
      streamMetrics(
        task,
        observed.find((row) => row.version === version)?.observations ?? 0,
        changes.filter((change) => change.version === version),
      ),
  };
}
