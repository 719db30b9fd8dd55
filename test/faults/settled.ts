import type { Store } from '../../src/store/client.ts';
import { partitionProgress } from '../../src/store/progress.ts';
import type { CommittedRecord } from './committed-records.ts';
import { LAST_INSTANT } from './traffic.ts';

/** Behind the last record of each partition, by `topic/partition`. */
export type LogEnds = ReadonlyMap<string, number>;

export function endsOf(records: readonly CommittedRecord[]): LogEnds {
  const ends = new Map<string, number>();
  for (const { topic, partition, offset } of records) {
    const key = `${topic}/${partition}`;
    ends.set(key, Math.max(ends.get(key) ?? 0, offset + 1));
  }
  return ends;
}

/** True when everything is read, evaluated and sent, as the store tells. */
export async function isSettled(store: Store, ends: LogEnds): Promise<boolean> {
  const progress = new Map(
    (await partitionProgress(store)).map(({ topic, partition, endOffset }) => [
      `${topic}/${partition}`,
      endOffset,
    ]),
  );
  if (![...ends].every(([key, end]) => (progress.get(key) ?? 0) >= end)) return false;
  const [row] = await store.query<{ evaluated: number; waiting: number; learned: number }>(
    `SELECT (SELECT count() FROM {database}.evaluations FINAL
             WHERE instant = toDateTime64({last:Float64} / 1000, 3, 'UTC')) AS evaluated,
            (SELECT count() FROM {database}.notifications FINAL WHERE status = 'pending') AS waiting,
            (SELECT count() FROM {database}.baseline_activations FINAL WHERE reason = 'learned') AS learned`,
    { last: LAST_INSTANT },
  );
  return row?.evaluated === 2 && row.waiting === 0 && row.learned > 0;
}

/** The same, as a daemon tells whose store nobody else can open. */
export async function saysSettled(url: string, ends: LogEnds): Promise<boolean> {
  const metrics = await textOf(`${url}/metrics`);
  const seriesValue = (series: string): number =>
    Number(
      metrics
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length) ?? -1,
    );
  const isRead = [...ends].every(([key, end]) => {
    const [topic, partition] = key.split('/');
    return seriesValue(`driftd_partition_flushed_offset{topic="${topic}",partition="${partition}"}`) >= end;
  });
  if (!isRead || seriesValue('driftd_notifications_pending') > 0) return false;
  const status = JSON.parse((await textOf(`${url}/api/v1/status`)) || NOTHING_KNOWN) as {
    ruleGroups: ReadonlyArray<{ name: string; evaluatedUpTo: string }>;
    models: ReadonlyArray<{ model: string }>;
  };
  return (
    // Its own group looks at the clock of this machine, and not at that of the events.
    status.ruleGroups.every(
      ({ name, evaluatedUpTo }) => name === 'driftd' || Date.parse(evaluatedUpTo) >= LAST_INSTANT,
    ) && status.models.some(({ model }) => model === 'new')
  );
}

const NOTHING_KNOWN = '{"ruleGroups":[],"models":[]}';

/** Empty while it cannot be had: the daemon may be slow, or just starting. */
function textOf(url: string): Promise<string> {
  return fetch(url).then(
    (response) => response.text(),
    () => '',
  );
}
