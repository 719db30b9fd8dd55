import { DEFAULT_CHUNK_BOUNDS } from '../../src/pipeline/open-chunk.ts';
import { MOST_LABELLED_SEGMENTS } from '../../src/pipeline/segment-sizes.ts';
import { MOST_ALERTS } from '../../src/rules/evaluate-group.ts';
import { KEPT_FEATURES } from '../../src/store/learning-samples.ts';
import { MOST_VERSIONS } from '../../src/store/profile-parts.ts';
import { BOUNDS, type Bound } from '../../src/telemetry/bounds.ts';
import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { code, notice, page, table } from './markdown.ts';

const HEAD = `# driftd's own metrics

What \`GET /metrics\` answers, for Prometheus. These are about driftd itself; how the models do is in the store, for SQL and
Grafana, and in the rules. [Operations](../operations.md) says which of them to alert on.`;

const BOUNDS_HEAD = `## Bounds

No input may grow memory or the store without limit. What \`driftd_overflow_total\` counts, by its label \`bound\`:`;

const count = (number: number): string => number.toLocaleString('en');

const LIMITS: Readonly<Record<Bound, string>> = {
  alerts: count(MOST_ALERTS),
  categories: `${count(DEFAULT_CHUNK_BOUNDS.categories)} of ${DEFAULT_CHUNK_BOUNDS.categoryLength} characters; ${count(DEFAULT_CHUNK_BOUNDS.allCategories)} of all features`,
  dead_letter_bytes: '`kafka.dead_letter.max_bytes`',
  evaluated_versions: count(MOST_VERSIONS),
  features: count(KEPT_FEATURES),
  labelled_segments: count(MOST_LABELLED_SEGMENTS),
  models: '`ingest.max_models`',
  rejects: count(DEFAULT_CHUNK_BOUNDS.rejects),
  segments: count(DEFAULT_CHUNK_BOUNDS.segmentProfiles),
  versions: count(DEFAULT_CHUNK_BOUNDS.versions),
};

/** A metric of prom-client, which declares neither its type nor its labels. */
interface Declared {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** docs/reference/telemetry.md: what the registry of a running driftd holds. */
export function telemetryPage(): string {
  const all = createTelemetry().registry.getMetricsAsArray() as unknown as Declared[];
  // Which of the others there are depends on the system.
  const own = all.filter(({ name }) => name.startsWith('driftd_'));
  return page(
    notice('src/telemetry/telemetry.ts'),
    HEAD,
    table(
      ['metric', 'type', 'labels', 'meaning'],
      own.map(({ name, type, labelNames, help }) => [
        code(name),
        type,
        labelNames.map(code).join(', '),
        help,
      ]),
    ),
    BOUNDS_HEAD,
    table(
      ['bound', 'limit', 'of what, and what becomes of the rest'],
      Object.entries(BOUNDS).map(([bound, meaning]) => [code(bound), LIMITS[bound as Bound], meaning]),
    ),
    'Beside them stand those of every Node process, `process_*` and `nodejs_*`, as prom-client collects them. The event loop is looked at ' +
      'every 250 ms, which the quantiles of its lag contain.',
  );
}
