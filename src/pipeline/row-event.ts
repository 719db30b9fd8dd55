/** Which columns of a table are not features. */
export interface RowColumns {
  readonly predictionId?: string;
  readonly version?: string;
  readonly timestamp?: string;
  readonly prediction?: string;
  readonly score?: string;
  readonly label?: string;
}

export interface RowDefaults {
  readonly model: string;
  readonly version?: string;
  /** The timestamp of rows that have none, as milliseconds since 1970. */
  readonly timestamp: number;
}

/**
 * Turns one row of a file into an event in driftd's own format, to be validated like one from the log. A row that has an
 * object called `features` is taken for an event already; of any other, every column that is not named is a feature.
 */
export function rowEvent(
  values: Readonly<Record<string, unknown>>,
  columns: RowColumns,
  defaults: RowDefaults,
): Readonly<Record<string, unknown>> {
  if (typeof values['features'] === 'object' && values['features'] !== null) {
    return {
      version: defaults.version,
      timestamp: defaults.timestamp,
      ...values,
      model: values['model'] ?? defaults.model,
    };
  }
  const named = new Set(Object.values(columns));
  const features: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(values)) if (name !== '' && !named.has(name)) features[name] = values[name];
  const read = (column: string | undefined): unknown => (column === undefined ? undefined : values[column]);
  return {
    model: defaults.model,
    version: read(columns.version) ?? defaults.version,
    timestamp: zoned(read(columns.timestamp)) ?? defaults.timestamp,
    prediction_id: read(columns.predictionId),
    features,
    prediction: read(columns.prediction),
    score: read(columns.score),
    label: read(columns.label),
  };
}

const NO_ZONE = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?$/;

/** Tables say "2015-10-14" or "2015-10-14 08:00:00" and mean UTC more often than anything else. */
function zoned(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const [, date, time = '00:00'] = NO_ZONE.exec(value) ?? [];
  return date === undefined ? value : `${date}T${time}Z`;
}
