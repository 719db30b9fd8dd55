/**
 * Where the memory and the store end that input may take, by the label `bound` of `driftd_overflow_total`; what is counted
 * there went to `other`, or was left out.
 */
export const BOUNDS = {
  alerts: 'Alerts of one rule group that are pending or fire. Further ones do not begin.',
  categories: 'New categories of a feature, and of all features, in one chunk. Further values go to `other`.',
  dead_letter_bytes: 'Bytes of a dead letter. It is cut, or sent with the beginning of its value.',
  evaluated_versions: 'Versions of a model in one window. Those with the fewest events are not evaluated.',
  features: 'Features of an event from which a baseline is learned. Further ones are left out.',
  labelled_segments:
    'Segments of a model in one window whose labels are looked at, the largest. Further ones are not judged.',
  models: 'Models that learn, or have a baseline. Events of further ones are profiled nowhere.',
  rejects: 'Rows of `rejects` for one reason in one chunk. Further ones have none.',
  segments:
    'Profiles of segments in one chunk. Events of further segments and panes are counted in the whole population only.',
  versions: 'Versions of a model in one chunk. Events of further ones are counted under the version `other`.',
} as const;

export type Bound = keyof typeof BOUNDS;
