/** What a metric describes: one feature (or the prediction, or the score), or the model as a whole. */
export type MetricScope = 'feature' | 'model';

export interface MetricDefinition {
  readonly scope: MetricScope;
  /** `difference` compares the window with a reference; `level` describes one sample, so that the baseline has it too. */
  readonly nature: 'difference' | 'level';
  readonly kinds: 'numeric' | 'categorical' | 'any';
  readonly description: string;
}

function difference(kinds: MetricDefinition['kinds'], description: string): MetricDefinition {
  return { scope: 'feature', nature: 'difference', kinds, description };
}

function level(kinds: MetricDefinition['kinds'], description: string): MetricDefinition {
  return { scope: 'feature', nature: 'level', kinds, description };
}

function performance(description: string): MetricDefinition {
  return { scope: 'model', nature: 'level', kinds: 'any', description };
}

/** Every metric that rules, the store, dashboards and documentation know. The order is that of the documentation. */
export const METRICS = {
  psi: difference(
    'any',
    'Population stability index: sum (q-p) ln(q/p) over ten baseline decile cells or the union of categories, smoothed as (c+0.5)/(n+0.5B).',
  ),
  psi_adjusted: difference(
    'any',
    'psi minus what noise alone gives at these sample sizes, (B-1)(1/n+1/m); never below 0.',
  ),
  kl: difference('any', 'Kullback-Leibler divergence of the window from the reference, smoothed like psi.'),
  js_distance: difference(
    'any',
    'Jensen-Shannon distance: square root of the divergence, base 2, unsmoothed; 0 to 1.',
  ),
  hellinger: difference('any', 'Hellinger distance, sqrt(1 - sum sqrt(pq)); 0 to 1.'),
  total_variation: difference('any', 'Half the L1 distance between the shares; 0 to 1.'),
  l_infinity: difference('any', 'Largest difference between two shares; 0 to 1.'),
  ks: difference(
    'numeric',
    'Two-sample Kolmogorov-Smirnov statistic, read off the full grid; 0 to 1. Asymptotic p-value.',
  ),
  wasserstein: difference(
    'numeric',
    "Earth mover's distance: area between the two distribution functions, in the units of the feature.",
  ),
  wasserstein_normalized: difference(
    'numeric',
    "wasserstein divided by the reference's sample standard deviation.",
  ),
  chi2: difference(
    'any',
    'Two-sample chi-square statistic on decile cells or categories, without continuity correction. With p-value.',
  ),
  g_test: difference('any', 'Two-sample likelihood-ratio statistic on the same cells. With p-value.'),
  cramers_v: difference('any', "Cramér's V of the same table; 0 to 1."),
  p_value: difference(
    'any',
    'The p-value that q_value adjusts: of ks for numeric features, of chi2 for categorical ones.',
  ),
  q_value: difference('any', 'Benjamini-Hochberg adjustment of p_value over all features of the window.'),
  missing_share: level('any', 'Share of events in which the feature is null or absent; 0 to 1.'),
  invalid_share: level('any', 'Share of events in which the feature has the wrong type; 0 to 1.'),
  unseen_share: level('categorical', 'Share of values whose category the baseline never saw; 0 to 1.'),
  singleton_share: level(
    'categorical',
    'Share of values whose category occurs once; what is to be expected of categories not seen yet (Good and Turing). 0 to 1.',
  ),
  out_of_range_share: level('numeric', "Share of values outside the baseline's range; 0 to 1."),
  mean: level('numeric', 'Arithmetic mean.'),
  std: level('numeric', 'Sample standard deviation (n-1).'),
  min: level('numeric', 'Smallest value.'),
  max: level('numeric', 'Largest value.'),
  p01: level('numeric', '1st percentile, read off the grid.'),
  p05: level('numeric', '5th percentile, read off the grid.'),
  p25: level('numeric', '25th percentile, read off the grid.'),
  p50: level('numeric', 'Median, read off the grid.'),
  p75: level('numeric', '75th percentile, read off the grid.'),
  p95: level('numeric', '95th percentile, read off the grid.'),
  p99: level('numeric', '99th percentile, read off the grid.'),
  predictions: performance('Number of predictions in the window. Always has a value, 0 included.'),
  labelled: performance(
    'Number of predictions in the window whose label has come. Always has a value, 0 included.',
  ),
  accuracy: performance('Share of labelled predictions that are right.'),
  balanced_accuracy: performance('Mean recall over the classes that occur among the labels.'),
  precision: performance('Precision for the positive class.'),
  recall: performance('Recall for the positive class.'),
  f1: performance('Harmonic mean of precision and recall for the positive class.'),
  f1_macro: performance('Unweighted mean of the F1 of every class.'),
  mcc: performance('Matthews correlation coefficient, multiclass form; -1 to 1.'),
  mae: performance('Mean absolute error (regression).'),
  rmse: performance('Root mean squared error (regression).'),
  bias: performance('Mean of prediction minus label (regression).'),
  r2: performance('Coefficient of determination (regression).'),
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export function metricDefinition(name: MetricName): MetricDefinition {
  return METRICS[name];
}
