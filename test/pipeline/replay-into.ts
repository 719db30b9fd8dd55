import pino from 'pino';
import { onTestFinished } from 'vitest';
import { wireCore } from '../../src/app-core.ts';
import { Availability } from '../../src/base/availability.ts';
import { Stops } from '../../src/base/stops.ts';
import type { Config } from '../../src/config/schema.ts';
import { type ReplayRecord, type ReplaySummary, replay } from '../../src/pipeline/replay.ts';
import { ReplayClock } from '../../src/pipeline/replay-clock.ts';
import type { AlertTransition } from '../../src/rules/alert.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Store } from '../../src/store/client.ts';
import { createPatience } from '../../src/store/patience.ts';
import { createTelemetry, type Telemetry } from '../../src/telemetry/telemetry.ts';
import { HOUR, MORNING } from '../support/events.ts';

export interface Replayed extends ReplaySummary {
  readonly transitions: readonly AlertTransition[];
  readonly telemetry: Telemetry;
}

/** Sends a log through the pipeline of the daemon, in event time, into a store. */
export async function replayInto(
  store: Store,
  records: readonly ReplayRecord[],
  {
    config,
    groups,
    batch = 1_000,
  }: { readonly config: Config; readonly groups: readonly RuleGroup[]; readonly batch?: number },
): Promise<Replayed> {
  const transitions: AlertTransition[] = [];
  const stops = new Stops();
  onTestFinished(() => stops.run(5_000, () => undefined));
  const clock = new ReplayClock({ ahead: config.ingest.max_future, gap: config.ingest.max_age });
  const telemetry = createTelemetry();
  const core = wireCore({
    config,
    groups,
    clock: { now: () => MORNING + 7 * 24 * HOUR },
    logger: pino({ level: 'silent' }),
    telemetry,
    store,
    patience: createPatience(new Availability('store', () => undefined), {
      base: 1,
      max: 1,
      random: () => 0,
    }),
    stops,
    externalUrl: () => 'http://127.0.0.1:9464',
    onTransition: (transition) => transitions.push(transition),
    replays: clock,
  });
  await core.directory.refresh();
  await core.evaluator.takeOver();
  const summary = await replay({
    records: () => records,
    openPartition: core.openPartition,
    learning: core.learning,
    evaluator: core.evaluator,
    clock,
    allowedLateness: config.ingest.allowed_lateness,
    batch,
    signal: new AbortController().signal,
  });
  return { ...summary, transitions, telemetry };
}
