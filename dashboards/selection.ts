import { PREDICTION_FEATURE } from '../src/profile/feature-spec.ts';

/** The data source turns this into 1=1 while "All" is chosen, and quotes what is chosen otherwise. */
function chosen(variable: 'model' | 'version' | 'feature'): string {
  return `$__conditionalAll(${variable} IN (\${${variable}:singlequote}), $${variable})`;
}

export const CHOSEN_MODEL = chosen('model');
export const CHOSEN_VERSION = `${CHOSEN_MODEL} AND ${chosen('version')}`;
export const CHOSEN_FEATURE = `${CHOSEN_VERSION} AND ${chosen('feature')}`;

/** Every event is counted once under its prediction, so these rows are the volume of a model. */
export const VOLUME_ROWS = `feature = '${PREDICTION_FEATURE}' AND segment = ''`;

/** Metric rows of the whole population against the chosen reference, in the chosen time. */
export const CHOSEN_METRICS = `$__timeFilter(window_end) AND segment = '' AND against = \${against:singlequote}`;

/** The name of a line: short, and never ambiguous between models. */
export const MODEL_SERIES = `concat(model, '/', version)`;
export const FEATURE_SERIES = `trimRight(concat(model, '/', version, ' ', feature))`;
