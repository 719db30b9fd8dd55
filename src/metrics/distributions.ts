import type { FeatureProfile, FeatureSpec } from '../profile/feature-spec.ts';
import { blockPicture } from './block-picture.ts';
import { type Picture, pictureOf } from './picture.ts';

/** A message has room for so many cells beside each other on a telephone. */
const CELLS = 20;
/** A name of a category may be a whole page. */
const LONGEST_LABEL = 32;

/** The picture of a feature as alerts carry it: with few cells and few digits, since it is stored with every state of the alert. */
export interface Distributions extends Picture {
  readonly kind: FeatureSpec['kind'];
}

/** Both distributions of a feature, in about half a kilobyte of JSON. Undefined when neither sample has a value. */
export function distributionsOf(
  spec: FeatureSpec,
  reference: FeatureProfile,
  current: FeatureProfile,
): Distributions | undefined {
  // One more cell may hold the rest of the categories.
  const picture = pictureOf(spec, reference, current, spec.kind === 'numeric' ? CELLS : CELLS - 1);
  if (picture === undefined) return undefined;
  return {
    kind: spec.kind,
    labels: picture.labels.map(clip),
    reference: picture.reference.map(rounded),
    current: picture.current.map(rounded),
  };
}

/** As two lines of block characters of the same scale: the reference, and below it the current sample. */
export function distributionLines(
  distributions: Distributions,
): readonly [reference: string, current: string] {
  return blockPicture(distributions, { width: CELLS, apart: distributions.kind === 'categorical' });
}

/** Two digits, whatever the size: what is there at all stays different from nothing. */
function rounded(share: number): number {
  return Number(share.toPrecision(2));
}

function clip(label: string): string {
  const characters = [...label];
  return characters.length <= LONGEST_LABEL ? label : `${characters.slice(0, LONGEST_LABEL - 1).join('')}…`;
}
