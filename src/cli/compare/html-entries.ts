import type { ComparedFeature, Comparison } from '../../pipeline/compare/comparison.ts';

/** Features with a card and a picture. A browser stays quick with as many, and nobody reads more. */
export const PICTURED = 1000;

/** What has a row in the table, and the id of its card where it has one. */
export interface Entry {
  readonly feature: ComparedFeature;
  /** A number and never a name, which makes no safe id. */
  readonly card: string | undefined;
}

/** The features in the order of the comparison; all of them together come first when they drifted, and else last. */
export function entriesOf({ features, multivariate }: Comparison): Entry[] {
  const entries = features.map(
    (feature, i): Entry => ({ feature, card: i < PICTURED ? `f${i + 1}` : undefined }),
  );
  if (multivariate === undefined) return entries;
  const together: Entry = { feature: multivariate, card: 'together' };
  return multivariate.drifted ? [together, ...entries] : [...entries, together];
}
