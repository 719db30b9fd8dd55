import { createTelemetry } from '../../src/telemetry/telemetry.ts';
import { code, notice, page, table } from './markdown.ts';

const HEAD = `# driftd's own metrics

What \`GET /metrics\` answers, for Prometheus. These are about driftd itself; how the models do is in the store, for SQL and
Grafana, and in the rules. [Operations](../operations.md) says which of them to alert on.`;

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
    'Beside them stand those of every Node process, `process_*` and `nodejs_*`, as prom-client collects them.',
  );
}
