/** What a metric describes: one feature (or the prediction, or the score), or the model as a whole. */
export type MetricScope = 'feature' | 'model';

export interface MetricDefinition {
  readonly scope: MetricScope;
  /**
   * `difference` compares the window with a reference; `level` describes one sample, so that the baseline has it too; `signal`
   * says whether something happened in the window, as 1 or 0, and is a truth value in conditions.
   */
  readonly nature: 'difference' | 'level' | 'signal';
  readonly kinds: 'numeric' | 'categorical' | 'any';
  /** All that it can ever be, bounds included. */
  readonly range: Range;
  readonly description: string;
}

/** From the least to the largest possible value. */
export type Range = readonly [least: number, most: number];

const SHARE: Range = [0, 1];
const POSITIVE: Range = [0, Number.POSITIVE_INFINITY];
const CORRELATION: Range = [-1, 1];
const AT_MOST_1: Range = [Number.NEGATIVE_INFINITY, 1];
const ANY: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

function difference(kinds: MetricDefinition['kinds'], range: Range, description: string): MetricDefinition {
  return { scope: 'feature', nature: 'difference', kinds, range, description };
}

function level(kinds: MetricDefinition['kinds'], range: Range, description: string): MetricDefinition {
  return { scope: 'feature', nature: 'level', kinds, range, description };
}

function performance(range: Range, description: string): MetricDefinition {
  return { scope: 'model', nature: 'level', kinds: 'any', range, description };
}

function overFeatures(range: Range, description: string): MetricDefinition {
  return { scope: 'model', nature: 'difference', kinds: 'any', range, description };
}

function signal(description: string): MetricDefinition {
  return { scope: 'model', nature: 'signal', kinds: 'any', range: SHARE, description };
}

/** Every metric that rules, the store, dashboards and documentation know. The order is that of the documentation. */
export const METRICS = {
  psi: difference(
    'any',
    POSITIVE,
    'Population stability index: sum (q-p) ln(q/p) over ten baseline decile cells or the union of categories, smoothed as (c+0.5)/(n+0.5B).',
  ),
  psi_adjusted: difference(
    'any',
    POSITIVE,
    'psi minus what noise alone gives at these sample sizes, (B-1)(1/n+1/m); never below 0.',
  ),
  kl: difference(
    'any',
    POSITIVE,
    'Kullback-Leibler divergence of the window from the reference, smoothed like psi.',
  ),
  js_distance: difference(
    'any',
    SHARE,
    'Jensen-Shannon distance: square root of the divergence, base 2, unsmoothed; 0 to 1.',
  ),
  hellinger: difference('any', SHARE, 'Hellinger distance, sqrt(1 - sum sqrt(pq)); 0 to 1.'),
  total_variation: difference('any', SHARE, 'Half the L1 distance between the shares; 0 to 1.'),
  l_infinity: difference('any', SHARE, 'Largest difference between two shares; 0 to 1.'),
  ks: difference(
    'numeric',
    SHARE,
    'Two-sample Kolmogorov-Smirnov statistic, read off the full grid; 0 to 1. Asymptotic p-value.',
  ),
  wasserstein: difference(
    'numeric',
    POSITIVE,
    "Earth mover's distance: area between the two distribution functions, in the units of the feature.",
  ),
  wasserstein_normalized: difference(
    'numeric',
    POSITIVE,
    "wasserstein divided by the reference's sample standard deviation.",
  ),
  effect_size: difference(
    'any',
    POSITIVE,
    "How large the shift is, comparable over features: wasserstein_normalized for numbers (ks where the reference has no spread), the largest Cohen's h of a category for categories.",
  ),
  mann_whitney: difference(
    'numeric',
    SHARE,
    'Probability that a value of the window is larger than one of the reference, ties counting half; 0.5 is no shift. With p-value.',
  ),
  mood: difference(
    'numeric',
    ANY,
    "Mood's test of spread, as a standardized statistic: above 0 when the window is wider. With p-value.",
  ),
  chi2: difference(
    'any',
    POSITIVE,
    'Two-sample chi-square statistic on decile cells or categories, without continuity correction. With p-value.',
  ),
  g_test: difference(
    'any',
    POSITIVE,
    'Two-sample likelihood-ratio statistic on the same cells. With p-value.',
  ),
  cramers_v: difference('any', SHARE, "Cramér's V of the same table; 0 to 1."),
  p_value: difference(
    'any',
    SHARE,
    'The p-value that q_value adjusts: the smallest of several, times their number. Numbers: ks, mann_whitney and mood. Categories: chi-square with sparse categories pooled, and the exact test of the strongest single category; for two categories that test alone.',
  ),
  q_value: difference(
    'any',
    SHARE,
    'Benjamini-Hochberg adjustment of p_value over all features of the window.',
  ),
  missing_q_value: difference(
    'any',
    SHARE,
    'The same adjustment of the p-value of missing_share (exact two-sample test of the share).',
  ),
  invalid_q_value: difference('any', SHARE, 'The same adjustment of the p-value of invalid_share.'),
  unseen_q_value: difference('categorical', SHARE, 'The same adjustment of the p-value of unseen_share.'),
  detectable_effect: difference(
    'any',
    POSITIVE,
    "The smallest shift that this window would show with 90 % probability at q < 0.01, given both sample sizes and the number of features: in standard deviations, or as Cohen's h for a share.",
  ),
  missing_share: level('any', SHARE, 'Share of events in which the feature is null or absent; 0 to 1.'),
  invalid_share: level('any', SHARE, 'Share of events in which the feature has the wrong type; 0 to 1.'),
  unseen_share: level('categorical', SHARE, 'Share of values whose category the baseline never saw; 0 to 1.'),
  singleton_share: level(
    'categorical',
    SHARE,
    'Share of values whose category occurs once; what is to be expected of categories not seen yet (Good and Turing). 0 to 1.',
  ),
  distinct: level(
    'categorical',
    POSITIVE,
    'Number of different categories. Exact up to the bound on new ones, beyond it a HyperLogLog estimate with a standard error of 3.25 %.',
  ),
  out_of_range_share: level('numeric', SHARE, "Share of values outside the baseline's range; 0 to 1."),
  mean: level('numeric', ANY, 'Arithmetic mean.'),
  std: level('numeric', POSITIVE, 'Sample standard deviation (n-1).'),
  min: level('numeric', ANY, 'Smallest value.'),
  max: level('numeric', ANY, 'Largest value.'),
  p01: level('numeric', ANY, '1st percentile, read off the grid.'),
  p05: level('numeric', ANY, '5th percentile, read off the grid.'),
  p25: level('numeric', ANY, '25th percentile, read off the grid.'),
  p50: level('numeric', ANY, 'Median, read off the grid.'),
  p75: level('numeric', ANY, '75th percentile, read off the grid.'),
  p95: level('numeric', ANY, '95th percentile, read off the grid.'),
  p99: level('numeric', ANY, '99th percentile, read off the grid.'),
  predictions: performance(POSITIVE, 'Number of predictions in the window. Always has a value, 0 included.'),
  features: overFeatures(
    POSITIVE,
    'Number of features in the window that there is a verdict of: those with a q_value, the outputs apart.',
  ),
  drifted_features: overFeatures(
    POSITIVE,
    'How many of them drifted, as the rule FeatureDrift that ships sees it: q_value below 0.01, and psi_adjusted or effect_size above both 0.1 and its natural variability.',
  ),
  drifted_share: overFeatures(SHARE, 'drifted_features divided by features; 0 to 1.'),
  degraded_features: overFeatures(
    POSITIVE,
    'How many features are missing or of the wrong type more often than in the reference, as the rules MissingValues and InvalidValues that ship see it.',
  ),
  degraded_share: overFeatures(
    SHARE,
    'degraded_features divided by the number of features that have any events; 0 to 1.',
  ),
  labelled: performance(
    POSITIVE,
    'Number of predictions in the window whose label has come. Always has a value, 0 included.',
  ),
  coverage: performance(
    SHARE,
    'Share of the predictions of the window whose label has come: labelled divided by predictions; 0 to 1.',
  ),
  age: performance(
    POSITIVE,
    'How long ago the window ended when it was judged, in seconds. Compare it with a duration, as in age > 7d.',
  ),
  label_bias: performance(
    SHARE,
    'How differently predictions with a label and predictions without one are distributed: the Kolmogorov-Smirnov distance of their scores; where there are none, of numeric predictions (regression), or half the L1 distance of the predicted classes. With p-value. 0 to 1.',
  ),
  accuracy: performance(SHARE, 'Share of labelled predictions that are right.'),
  balanced_accuracy: performance(SHARE, 'Mean recall over the classes that occur among the labels.'),
  precision: performance(SHARE, 'Precision for the positive class.'),
  recall: performance(SHARE, 'Recall for the positive class.'),
  f1: performance(SHARE, 'Harmonic mean of precision and recall for the positive class.'),
  precision_macro: performance(SHARE, 'Unweighted mean of the precision of every class.'),
  recall_macro: performance(
    SHARE,
    'Unweighted mean of the recall of every class, only predicted ones included.',
  ),
  f1_macro: performance(SHARE, 'Unweighted mean of the F1 of every class.'),
  precision_weighted: performance(
    SHARE,
    'Mean of the precision of every class, weighted by its share of the labels.',
  ),
  recall_weighted: performance(SHARE, 'Mean of recall, weighted likewise; the same as accuracy.'),
  f1_weighted: performance(SHARE, 'Mean of the F1 of every class, weighted likewise.'),
  mcc: performance(CORRELATION, 'Matthews correlation coefficient, multiclass form; -1 to 1.'),
  cohen_kappa: performance(CORRELATION, "Cohen's kappa: agreement beyond chance; -1 to 1."),
  roc_auc: performance(
    SHARE,
    'Area under the ROC curve: probability that the score of a positive is higher than that of another, ties counting half. Needs scores; 0 to 1.',
  ),
  average_precision: performance(
    SHARE,
    'Precision at each distinct score, weighted by the recall that it adds. Needs scores; 0 to 1.',
  ),
  log_loss: performance(
    POSITIVE,
    'Mean negative logarithm of the probability that the score gives to the label, at most 36.04. Needs scores from 0 to 1.',
  ),
  brier: performance(
    SHARE,
    'Mean squared distance of the score from the label as 1 or 0. Needs scores from 0 to 1.',
  ),
  ece: performance(
    SHARE,
    'Expected calibration error over ten right-closed bins of equal width. Needs scores from 0 to 1.',
  ),
  estimated_accuracy: performance(
    SHARE,
    'The accuracy to be expected of the scores, before any label: the share of predictions that are right if scores and labels belong together as in the baseline. Cannot see concept drift. With an interval.',
  ),
  estimated_precision: performance(SHARE, 'The precision to be expected of the scores, likewise.'),
  estimated_recall: performance(SHARE, 'The recall to be expected of the scores, likewise.'),
  estimated_f1: performance(SHARE, 'The F1 to be expected of the scores, likewise.'),
  estimated_roc_auc: performance(
    SHARE,
    'The area under the ROC curve to be expected of the scores, likewise.',
  ),
  estimated_true_positives: performance(
    POSITIVE,
    'The expected confusion matrix: scores from the threshold on whose label will be positive.',
  ),
  estimated_false_positives: performance(POSITIVE, 'Those whose label will be another.'),
  estimated_false_negatives: performance(
    POSITIVE,
    'Scores below the threshold whose label will be positive.',
  ),
  estimated_true_negatives: performance(POSITIVE, 'Those whose label will be another.'),
  stream_observations: performance(
    POSITIVE,
    'Number of labelled predictions of the window that change detectors were shown. What `labelled` has more of came too late for them.',
  ),
  'adwin.detected': signal('ADWIN found that the mean error changed, in either direction.'),
  'adwin.increased': signal('ADWIN found that the mean error rose.'),
  'page_hinkley.detected': signal('The test of Page and Hinkley found that the mean error rose.'),
  'ddm.detected': signal('DDM found that the error rate rose. Never of a regression.'),
  'ddm.warning': signal('DDM reached its warning level. Never of a regression.'),
  mae: performance(POSITIVE, 'Mean absolute error (regression).'),
  rmse: performance(POSITIVE, 'Root mean squared error (regression).'),
  mape: performance(
    POSITIVE,
    'Mean of absolute error over absolute label, as a share (regression); astronomical where a label is 0.',
  ),
  median_absolute_error: performance(POSITIVE, 'Median of the absolute errors (regression).'),
  bias: performance(ANY, 'Mean of prediction minus label (regression).'),
  r2: performance(AT_MOST_1, 'Coefficient of determination (regression).'),
} as const satisfies Record<string, MetricDefinition>;

/** The metrics of a feature that depend on the other features of the window. */
export const FAMILY_METRICS: readonly MetricName[] = [
  'q_value',
  'missing_q_value',
  'invalid_q_value',
  'unseen_q_value',
  'detectable_effect',
];

/**
 * The metrics for which a baseline knows its natural variability, as `natural.<metric>` in conditions. Of the shares it is
 * how large they get, and not how far they move.
 */
export const NATURAL_METRICS = [
  'psi_adjusted',
  'js_distance',
  'ks',
  'wasserstein_normalized',
  'total_variation',
  'effect_size',
  'missing_share',
  'invalid_share',
] as const satisfies readonly MetricName[];

/** The metrics that come with a 95 % confidence interval, as `lower.<metric>` and `upper.<metric>` in conditions. */
export const INTERVAL_METRICS = [
  'accuracy',
  'precision',
  'recall',
  'f1',
  'roc_auc',
  'brier',
  'estimated_accuracy',
  'estimated_precision',
  'estimated_recall',
  'estimated_f1',
  'estimated_roc_auc',
  'mae',
  'bias',
] as const satisfies readonly MetricName[];

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];

export function metricDefinition(name: MetricName): MetricDefinition {
  return METRICS[name];
}
