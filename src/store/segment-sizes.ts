import type { Store } from './client.ts';
import { joinParameters, type PerformanceWindow, SEGMENTS_OF } from './labelled-join.ts';

/** How many predictions of a version are kept of a segment. */
export interface SegmentSize {
  readonly version: string;
  /** '' for all of the version, whatever segment they belong to. */
  readonly segment: string;
  readonly predictions: number;
}

/** Segments past this many are not told, the smallest ones: a feature may turn out to be an identifier. */
const MOST_SEGMENTS = 10_000;

/** The segments of the predictions that a model made in [from, to), largest first. */
export async function segmentSizes(store: Store, window: PerformanceWindow): Promise<SegmentSize[]> {
  return store.query<SegmentSize>(
    `SELECT version, segment, sum(alike) AS predictions
     FROM (SELECT version, arrayJoin(arrayPushFront(${SEGMENTS_OF}, '')) AS segment, alike
           FROM (SELECT version, segments, count() AS alike FROM {database}.predictions FINAL
                 WHERE model = {model:String} AND timestamp >= {from:DateTime64(3, 'UTC')} AND timestamp < {to:DateTime64(3, 'UTC')}
                 GROUP BY version, segments))
     GROUP BY version, segment ORDER BY predictions DESC, segment, version LIMIT ${MOST_SEGMENTS}`,
    joinParameters(window),
  );
}
