import { createHash, type Hash } from 'node:crypto';
import type { Millis } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { atOnce, type Steps } from '../base/steps.ts';
import type { Calibration } from '../stats/calibration/calibrate.ts';
import type { BaselineSegments } from './baseline-segment.ts';
import { CompactLayout } from './compact-profiles.ts';
import type { Derivation } from './derived/derivation.ts';
import type { FeatureProfile, FeatureSpec } from './feature-spec.ts';
import { type NaturalSpread, readSpread, type SpreadDocument, writeSpread } from './natural-spread.ts';
import type { ReferenceValue } from './reference-value.ts';
import type { ScoreMeans } from './score-means.ts';
import { readSegment, type SegmentDocument, writeSegment } from './segments-document.ts';

export interface BaselineFeature {
  readonly spec: FeatureSpec;
  /** The reference sample under that spec. */
  readonly reference: FeatureProfile;
  /** How far its own time blocks lie apart, by their length; empty when that is not known. */
  readonly natural: readonly NaturalSpread[];
  /** How it relates to the model's score; not there where that is not known. */
  readonly scoreMeans?: ScoreMeans;
}

export interface BaselineContent {
  readonly model: string;
  /** Undefined for a baseline that serves every version of the model. */
  readonly version: string | undefined;
  /** Length of the panes that are profiled under this baseline. */
  readonly pane: Millis;
  /** Reference events. */
  readonly rows: number;
  /** Event time of the first and of the last reference event. */
  readonly from: Millis;
  readonly to: Millis;
  /** Features by name; the model's output stands among them as __prediction__ and __score__. */
  readonly features: ReadonlyMap<string, BaselineFeature>;
  /** How those features are computed that events do not bring; they stand among `features` too. */
  readonly derivations: readonly Derivation[];
  /** How well the model did on the labelled part of the reference; empty when nothing was labelled. */
  readonly performance: ReadonlyMap<string, ReferenceValue>;
  /** How its scores become probabilities; not there without enough labelled scores. */
  readonly calibration?: Calibration;
  /** The slices that are profiled besides the whole; not there where none were declared. */
  readonly segments?: BaselineSegments;
}

/** An immutable reference, named after its content: the same data gives the same id. */
export interface Baseline extends BaselineContent {
  readonly id: string;
}

export function sealBaseline(content: BaselineContent): Baseline {
  return atOnce(sealSteps(content));
}

/** Does what `sealBaseline` does, a feature a step: the text of a wide baseline has tens of megabytes. */
export function* sealSteps(content: BaselineContent): Steps<Baseline> {
  const hash = createHash('sha256');
  for (const piece of piecesOf(content)) {
    hash.update(piece);
    yield;
  }
  return { ...content, id: idFrom(hash) };
}

/** The baseline as JSON text, which is what its id is a hash of. */
export function writeBaseline(baseline: BaselineContent): string {
  return [...piecesOf(baseline)].join('');
}

/** Reads what writeBaseline wrote. Throws a `defect` when the text is not a baseline. */
export function readBaseline(text: string): Baseline {
  const document = JSON.parse(text) as Document;
  if (document.format !== 1) {
    throw new DriftdError(
      'defect',
      `a stored baseline has format ${document.format}; this driftd reads format 1`,
    );
  }
  const features = document.features.map(([name, feature]): [string, BaselineFeature] => [
    name,
    readFeature(feature),
  ]);
  return {
    id: idFrom(createHash('sha256').update(text)),
    model: document.model,
    version: document.version ?? undefined,
    pane: document.pane,
    rows: document.rows,
    from: document.from,
    to: document.to,
    features: new Map(features),
    derivations: document.derivations ?? [],
    performance: new Map(document.performance.map(([name, value, n]) => [name, { value, n }])),
    ...(document.calibration !== undefined && { calibration: readCalibration(document.calibration) }),
    ...(document.segments !== undefined && { segments: readSegments(document.segments, features) }),
  };
}

function readSegments(
  { features, known }: SegmentsDocument,
  profiled: ReadonlyArray<[string, BaselineFeature]>,
): BaselineSegments {
  const layout = new CompactLayout(profiled.map(([name, { spec }]) => [name, spec]));
  return { features, known: new Map(known.map((segment) => readSegment(segment, layout))) };
}

interface Counts {
  n: number;
  missing: number;
  invalid: number;
  cells: number[];
  /** Not there when nothing is known, as it was not before driftd looked for it: such baselines keep their ids. */
  natural?: SpreadDocument[];
  /** Likewise. */
  score_means?: [cells: ScoreMeans['cells'], none: ScoreMeans['none']];
}

type FeatureDocument =
  | (Counts & {
      kind: 'numeric';
      edges: number[];
      center: number;
      deciles: readonly number[];
      /** null in these four: too large for a double. */
      sum: number | null;
      sumSquares: number | null;
      min: number | null;
      max: number | null;
      lowExcess: number | null;
      highExcess: number | null;
    })
  | (Counts & {
      kind: 'categorical';
      categories: readonly string[];
      acceptsNumbers: boolean;
      complete: boolean;
      other: number;
      /** Not there when it is empty. */
      registers?: number[];
    });

/** Lists of pairs instead of objects: a feature may be called __proto__. */
interface Document {
  format: 1;
  model: string;
  version: string | null;
  pane: number;
  rows: number;
  from: number;
  to: number;
  features: Array<[string, FeatureDocument]>;
  /** Not there when there are none, so that baselines from before keep their ids. */
  derivations?: readonly Derivation[];
  performance: Array<[string, number, number]>;
  /** Not there when there is none, likewise. */
  calibration?: CalibrationDocument;
  segments?: SegmentsDocument;
}

interface SegmentsDocument {
  features: readonly string[];
  known: SegmentDocument[];
}

interface CalibrationDocument extends Pick<Calibration, 'method' | 'gain'> {
  blocks: Array<[from: number, to: number, positives: number, total: number]>;
}

function idFrom(hash: Hash): string {
  return hash.digest('hex').slice(0, 16);
}

/** The text of a baseline as `JSON.stringify` would write its document, feature by feature. */
function* piecesOf(content: BaselineContent): Generator<string, void, undefined> {
  const head: Omit<Document, 'features' | 'derivations' | 'performance' | 'calibration' | 'segments'> = {
    format: 1,
    model: content.model,
    version: content.version ?? null,
    pane: content.pane,
    rows: content.rows,
    from: content.from,
    to: content.to,
  };
  const tail: Pick<Document, 'derivations' | 'performance' | 'calibration'> = {
    ...(content.derivations.length > 0 && { derivations: content.derivations }),
    performance: byName(content.performance).map(([name, { value, n }]) => [name, value, n]),
    ...(content.calibration && { calibration: writeCalibration(content.calibration) }),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"features":[`;
  const features = byName(content.features);
  let separator = '';
  for (const [name, feature] of features) {
    yield `${separator}${JSON.stringify([name, writeFeature(feature)] satisfies Document['features'][number])}`;
    separator = ',';
  }
  yield `],${JSON.stringify(tail).slice(1, -1)}`;
  if (content.segments !== undefined)
    yield* segmentPieces(
      content.segments,
      features.map(([name]) => name),
    );
  yield '}';
}

function* segmentPieces(
  { features, known }: BaselineSegments,
  profiled: readonly string[],
): Generator<string, void, undefined> {
  yield `,"segments":{"features":${JSON.stringify(features)},"known":[`;
  let separator = '';
  for (const [name, segment] of byName(known)) {
    yield `${separator}${JSON.stringify(writeSegment(name, segment, profiled))}`;
    separator = ',';
  }
  yield ']}';
}

function byName<T>(map: ReadonlyMap<string, T>): Array<[string, T]> {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function writeCalibration({ method, gain, blocks }: Calibration): CalibrationDocument {
  return {
    method,
    gain,
    blocks: blocks.map(({ from, to, positives, total }) => [from, to, positives, total]),
  };
}

function readCalibration({ method, gain, blocks }: CalibrationDocument): Calibration {
  return {
    method,
    gain,
    blocks: blocks.map(([from, to, positives, total]) => ({ from, to, positives, total })),
  };
}

function writeFeature({ spec, reference, natural, scoreMeans }: BaselineFeature): FeatureDocument {
  const { n, missing, invalid } = reference;
  const cells = Array.from(reference.cells);
  const counts: Counts = {
    n,
    missing,
    invalid,
    cells,
    ...(natural.length > 0 && { natural: natural.map(writeSpread) }),
    ...(scoreMeans !== undefined && { score_means: [scoreMeans.cells, scoreMeans.none] }),
  };
  if (spec.kind === 'numeric' && reference.kind === 'numeric') {
    return {
      kind: 'numeric',
      ...counts,
      edges: Array.from(spec.grid.edges),
      center: spec.grid.center,
      deciles: spec.grid.decilePositions,
      sum: reference.sum,
      sumSquares: reference.sumSquares,
      min: n === 0 ? null : reference.min,
      max: n === 0 ? null : reference.max,
      lowExcess: reference.lowExcess,
      highExcess: reference.highExcess,
    };
  }
  if (spec.kind === 'categorical' && reference.kind === 'categorical') {
    const { categories, acceptsNumbers, complete } = spec;
    const { other, registers } = reference;
    return {
      kind: 'categorical',
      ...counts,
      categories,
      acceptsNumbers,
      complete,
      other,
      ...(registers.length > 0 && { registers: Array.from(registers) }),
    };
  }
  throw new TypeError('a baseline feature has a profile of another kind than its spec');
}

function readFeature(document: FeatureDocument): BaselineFeature {
  const { n, missing, invalid } = document;
  const counts = { n, missing, invalid, cells: new Float64Array(document.cells) };
  const [means, none = null] = document.score_means ?? [];
  const known = {
    natural: (document.natural ?? []).map(readSpread),
    ...(means !== undefined && { scoreMeans: { cells: means, none } }),
  };
  if (document.kind === 'categorical') {
    const { categories, acceptsNumbers, complete, other, registers = [] } = document;
    return {
      spec: { kind: 'categorical', categories, acceptsNumbers, complete },
      reference: {
        kind: 'categorical',
        ...counts,
        extra: new Map(),
        other,
        registers: Uint8Array.from(registers),
      },
      ...known,
    };
  }
  const { edges, center, deciles, sum, sumSquares, min, max, lowExcess, highExcess } = document;
  return {
    spec: { kind: 'numeric', grid: { edges: new Float64Array(edges), center, decilePositions: deciles } },
    reference: {
      kind: 'numeric',
      ...counts,
      sum: sum ?? Number.NaN,
      sumSquares: sumSquares ?? Number.POSITIVE_INFINITY,
      min: min ?? Number.POSITIVE_INFINITY,
      max: max ?? Number.NEGATIVE_INFINITY,
      lowExcess: lowExcess ?? Number.POSITIVE_INFINITY,
      highExcess: highExcess ?? Number.POSITIVE_INFINITY,
    },
    ...known,
  };
}
