import type { Explanation } from './explanation.ts';
import { explanationLines } from './explanation-lines.ts';
import type { MovedFeature } from './moved-features.ts';
import { type SegmentEvidence, segmentFindings } from './segment-findings.ts';

/** Features that are kept. */
const MOST = 5;

/** Puts together what is known of a window. */
export function explainWindow(
  about: Pick<Explanation, 'period' | 'reference'>,
  moved: readonly MovedFeature[],
  evidence: SegmentEvidence | undefined,
): Explanation {
  const segments = evidence && segmentFindings(evidence);
  const found = {
    ...about,
    features: moved.slice(0, MOST),
    ...(segments !== undefined && { segments }),
  };
  return { lines: explanationLines(found, moved.length), ...found };
}
