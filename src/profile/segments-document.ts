import { emptyRegisters } from '../stats/distinct/hyper-log-log.ts';
import { type BaselineSegment, baselineSegment } from './baseline-segment.ts';
import { type CompactLayout, CompactProfiles, type NarrowProfile } from './compact-profiles.ts';
import type { FeatureSpec } from './feature-spec.ts';
import type { ReferenceValue } from './reference-value.ts';

/** Counts one after another; a negative number stands for so many zeros, and zeros at the end are left out. */
type SparseCounts = number[];

/** Lists, since there are thousands of them. null stands for what is too large for a double. */
type ProfileDocument =
  | [
      n: number,
      missing: number,
      invalid: number,
      cells: SparseCounts,
      sum: number | null,
      sumSquares: number | null,
      min: number | null,
      max: number | null,
      lowExcess: number | null,
      highExcess: number | null,
    ]
  | [
      n: number,
      missing: number,
      invalid: number,
      cells: SparseCounts,
      other: number,
      registers: SparseCounts,
    ];

/** A segment in the text of its baseline, its profiles in the order of the features there. */
export type SegmentDocument = [
  name: string,
  rows: number,
  performance: Array<[metric: string, value: number, n: number]>,
  profiles: ProfileDocument[],
];

/** @param features of the baseline, in their order there. */
export function writeSegment(
  name: string,
  segment: BaselineSegment,
  features: readonly string[],
): SegmentDocument {
  const { rows, packed } = segment;
  const places = new Map(packed.layout.names.map((feature, i) => [feature, i]));
  const performance = [...segment.performance].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    name,
    rows,
    performance.map(([metric, { value, n }]) => [metric, value, n]),
    features.map((feature) => writeProfile(packed.profile(places.get(feature) as number))),
  ];
}

/** @param layout of the baseline's features in their order there. */
export function readSegment(
  [name, rows, performance, profiles]: SegmentDocument,
  layout: CompactLayout,
): [name: string, segment: BaselineSegment] {
  const packed = new CompactProfiles(layout);
  layout.specs.forEach((spec, i) => {
    packed.put(i, readProfile(spec, profiles[i] as ProfileDocument));
  });
  const values = performance.map(([metric, value, n]): [string, ReferenceValue] => [metric, { value, n }]);
  return [name, baselineSegment(rows, packed, new Map(values))];
}

function writeProfile(profile: NarrowProfile): ProfileDocument {
  const { n, missing, invalid } = profile;
  const cells = sparse(profile.cells);
  if (profile.kind === 'categorical')
    return [n, missing, invalid, cells, profile.other, sparse(profile.registers)];
  const { sum, sumSquares, min, max, lowExcess, highExcess } = profile;
  const [least, most] = n === 0 ? [null, null] : [min, max];
  return [n, missing, invalid, cells, sum, sumSquares, least, most, lowExcess, highExcess];
}

function readProfile(spec: FeatureSpec, document: ProfileDocument): NarrowProfile {
  const [n, missing, invalid, cells] = document;
  const counts = { n, missing, invalid, cells: dense(cells) };
  if (spec.kind === 'categorical') {
    const [, , , , other, registers] = document as Extract<ProfileDocument, { length: 6 }>;
    const sketch = registers.length === 0 ? new Uint8Array(0) : emptyRegisters();
    sketch.set(dense(registers));
    return { kind: 'categorical', ...counts, extra: new Map(), other, registers: sketch };
  }
  const [, , , , sum, sumSquares, min, max, lowExcess, highExcess] = document as Extract<
    ProfileDocument,
    { length: 10 }
  >;
  return {
    kind: 'numeric',
    ...counts,
    sum: sum ?? Number.NaN,
    sumSquares: sumSquares ?? Number.POSITIVE_INFINITY,
    min: min ?? Number.POSITIVE_INFINITY,
    max: max ?? Number.NEGATIVE_INFINITY,
    lowExcess: lowExcess ?? Number.POSITIVE_INFINITY,
    highExcess: highExcess ?? Number.POSITIVE_INFINITY,
  };
}

function sparse(counts: ArrayLike<number>): SparseCounts {
  const written: number[] = [];
  let zeros = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] as number;
    if (count === 0) {
      zeros += 1;
      continue;
    }
    if (zeros > 0) written.push(-zeros);
    zeros = 0;
    written.push(count);
  }
  return written;
}

function dense(written: SparseCounts): number[] {
  const counts: number[] = [];
  for (const number of written) {
    if (number > 0) counts.push(number);
    else for (let zeros = -number; zeros > 0; zeros -= 1) counts.push(0);
  }
  return counts;
}
