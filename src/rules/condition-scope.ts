import type { MetricScope } from '../metrics/table.ts';
import { type CountedMetrics, observationCount, referenceCount } from './counts.ts';
import type { Frame } from './frame.ts';
import {
  type Measurements,
  notMeasured,
  type Reading,
  readMetric,
  type WindowMeasurements,
  windowOf,
} from './measurements.ts';
import { isTruth, OWNERS, type Variable, variablesOf } from './variables.ts';

/** What a condition counts, by the name of the frame. */
export type Counted = ReadonlyMap<string | undefined, CountedMetrics>;

/** Thrown by a name that has no number, so that CEL's own rules for errors decide whether it matters. */
export class NoNumber extends Error {
  readonly reading: Exclude<Reading, { readonly status: 'ok' }>;

  private constructor(reading: NoNumber['reading']) {
    super(reading.reason);
    this.reading = reading;
  }

  /** Without a stack, which nobody reads and which costs more than all the rest of an evaluation. */
  static of(reading: NoNumber['reading']): NoNumber {
    return Object.assign(Object.create(NoNumber.prototype) as NoNumber, { reading });
  }
}

/** The names of one window of one subject, as CEL reads them: each is a getter. */
export interface Place {
  readonly subject: Measurements;
  readonly window: WindowMeasurements | undefined;
  readonly frame: Frame | undefined;
  readonly counted: Counted;
}

export type PlaceClass = new (subject: Measurements, counted: Counted, frame?: Frame) => Place;
type OwnerClass = new (place: Place) => object;

/** The classes that stand for a window and for `baseline` and `natural` in it. CEL tells types by class. */
export interface ScopeClasses {
  readonly place: PlaceClass;
  readonly owners: Readonly<Record<(typeof OWNERS)[number], OwnerClass>>;
}

/** Made once for each scope: getters on a prototype cost nothing where nobody asks. */
export function scopeClasses(scope: MetricScope): ScopeClasses {
  class ScopePlace implements Place {
    readonly subject: Measurements;
    readonly window: WindowMeasurements | undefined;
    readonly frame: Frame | undefined;
    readonly counted: Counted;

    constructor(subject: Measurements, counted: Counted, frame?: Frame) {
      this.subject = subject;
      this.counted = counted;
      this.frame = frame;
      this.window = windowOf(subject, frame);
    }
  }
  const owner = (prefix: string): OwnerClass => {
    class Owner {
      readonly place: Place;

      constructor(place: Place) {
        this.place = place;
      }
    }
    for (const [name, variable] of variablesOf(scope)) {
      if (!name.startsWith(`${prefix}.`)) continue;
      define<Owner>(Owner, name.slice(prefix.length + 1), ({ place }) => valueIn(place, variable));
    }
    return Owner;
  };
  const owners = Object.fromEntries(OWNERS.map((name) => [name, owner(name)])) as ScopeClasses['owners'];
  for (const [name, variable] of variablesOf(scope)) {
    if (!name.includes('.')) define<ScopePlace>(ScopePlace, name, (place) => valueIn(place, variable));
  }
  for (const name of OWNERS) define<ScopePlace>(ScopePlace, name, (place) => new owners[name](place));
  return { place: ScopePlace, owners };
}

/** The same class with names for other windows and for durations, for one condition. */
export function withWords(
  base: PlaceClass,
  frames: ReadonlyMap<string, Frame>,
  durations: ReadonlyMap<string, number>,
): PlaceClass {
  if (frames.size + durations.size === 0) return base;
  class FramedPlace extends base {}
  for (const [word, seconds] of durations) define<Place>(FramedPlace, word, () => seconds);
  for (const [word, frame] of frames) {
    define<Place>(FramedPlace, word, ({ subject, counted }) => new base(subject, counted, frame));
  }
  return FramedPlace;
}

/** Reads any number that a condition or template names. */
export function readNumber(
  variable: Exclude<Variable, { readonly kind: 'text' }>,
  { window, frame, counted }: Pick<Place, 'window' | 'frame' | 'counted'>,
): Reading {
  if (variable.kind === 'duration') return { status: 'ok', value: variable.seconds };
  if ('metric' in variable) return readMetric(variable.kind, variable.metric, window, frame);
  const named = counted.get(frame?.name);
  if (variable.kind === 'baseline_n') return referenceCount(named?.reference ?? [], window, frame);
  if (window === undefined) return notMeasured(frame);
  return { status: 'ok', value: observationCount(named?.window ?? [], window) };
}

function valueIn(place: Place, variable: Variable): number | string | boolean {
  if (variable.kind === 'text') return place.subject[variable.of] ?? '';
  const reading = readNumber(variable, place);
  if (reading.status === 'ok') return isTruth(variable) ? reading.value !== 0 : reading.value;
  throw NoNumber.of(reading);
}

function define<T>(target: { readonly prototype: object }, name: string, get: (self: T) => unknown): void {
  Object.defineProperty(target.prototype, name, {
    get(this: T) {
      return get(this);
    },
  });
}
