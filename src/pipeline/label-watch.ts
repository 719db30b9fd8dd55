import type { Millis } from '../base/clock.ts';
import type { Period } from '../rules/alert.ts';
import type { Arrival, ArrivalQuery, LogRange } from '../store/label-arrivals.ts';

/** Up to where partitions are stored. */
export type LogPosition = ReadonlyArray<{
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}>;

/** A model whose windows are watched. */
export interface WatchedModel {
  readonly model: string;
  /** How long labels may come after the end of a window. */
  readonly horizon: Millis;
  /** The windows that are looked at, of the one that is judged at an instant; the first is that window itself. */
  readonly periodsAt: (instant: Millis) => readonly Period[];
}

export interface LookPorts {
  readonly position: () => Promise<LogPosition>;
  readonly arrivalsIn: (ranges: readonly LogRange[], query: ArrivalQuery) => Promise<readonly Arrival[]>;
}

export interface Look {
  /** The evaluation that looks. */
  readonly instant: Millis;
  /** At which windows were judged that labels may still change, ascending. */
  readonly judged: readonly Millis[];
  readonly models: readonly WatchedModel[];
  /** Ages at which a window is judged anew, whether labels have come or not. */
  readonly ageLimits: readonly Millis[];
  /** Nothing more will come, so there is nothing to wait for. */
  readonly isLast?: boolean;
}

/** Labels of one window that it was not computed with so far. */
interface Pending {
  /** Predictions that have something new. */
  readonly count: number;
  /** The evaluation before the one that saw the first of them. */
  readonly since: Millis;
  /** Where the log had been read up to by then. */
  readonly from: LogPosition;
}

/** A window is computed anew when so many of its predictions have a new label. */
const SHARE = 1 / 20;
/** Or when the first of them has waited for this share of the window's age. */
const PATIENCE = 1 / 10;
/** So many windows are computed anew in one evaluation; the others follow in the next. */
const AT_A_TIME = 1_000;

/**
 * Knows which windows of one rule group have labels that came after they were judged, and when those are worth to be computed
 * anew: not for each label, but for a twentieth of a window's predictions, or after a tenth of its age.
 *
 * It goes by the places of labels in the log. So nothing is missed between two looks and nothing seen twice, whoever wrote it.
 */
export class LabelWatch {
  #position: LogPosition | undefined;
  /** By model and instant. */
  readonly #pending = new Map<string, Map<Millis, Pending>>();
  /** Predictions of windows as they were last computed, likewise. */
  readonly #sizes = new Map<string, Map<Millis, number>>();
  #looked: Millis | undefined;

  /** @param position where a watch of before stopped; see `position`. */
  constructor(position?: LogPosition) {
    this.#position = position;
  }

  /** Takes note of what has come. @returns the instants of the windows to compute anew, by model. */
  async look(look: Look, ports: LookPorts): Promise<ReadonlyMap<string, readonly Millis[]>> {
    const { instant, judged, models } = look;
    const before = this.#position;
    const now = await ports.position();
    const ranges = rangesBetween(before ?? now, now);
    const since = this.#looked ?? judged.at(-1) ?? instant;
    const periods = new Map(models.map((watched) => [watched.model, spans(watched, judged, since)] as const));
    for (const model of this.#pending.keys()) if (!periods.has(model)) this.#pending.delete(model);
    for (const [model, arrivals] of await this.#arrivals(ranges, periods, ports)) {
      for (const { instant: at, periods: inside } of periods.get(model) ?? []) {
        const count = Math.max(...inside.map((period) => arrivals.within(period)));
        if (count > 0) this.#note(model, at, { count, since, from: before ?? now });
      }
    }
    const due = new Map<string, readonly Millis[]>();
    for (const { model } of models) {
      const instants = this.#due(model, periods.get(model) ?? [], look, since);
      if (instants.length > 0) due.set(model, instants);
    }
    this.#position = now;
    this.#looked = instant;
    return due;
  }

  async #arrivals(
    ranges: readonly LogRange[],
    windows: ReadonlyMap<string, readonly Span[]>,
    ports: LookPorts,
  ): Promise<ReadonlyMap<string, Arrivals>> {
    const periods = [...windows.values()].flatMap((spans) => spans.flatMap(({ periods: inside }) => inside));
    if (ranges.length === 0 || periods.length === 0) return new Map();
    const from = periods.reduce((least, period) => Math.min(least, period.from), Number.POSITIVE_INFINITY);
    const to = periods.reduce((most, period) => Math.max(most, period.to), 0);
    const found = await ports.arrivalsIn(ranges, { models: [...windows.keys()], from, to });
    return new Map(
      Array.from(windows.keys(), (model) => [
        model,
        new Arrivals(found.filter((one) => one.model === model)),
      ]),
    );
  }

  #note(model: string, instant: Millis, news: Pending): void {
    const ofModel = this.#pending.get(model) ?? new Map<Millis, Pending>();
    this.#pending.set(model, ofModel);
    const known = ofModel.get(instant);
    ofModel.set(instant, known === undefined ? news : { ...known, count: known.count + news.count });
  }

  #due(
    model: string,
    windows: readonly Span[],
    { instant, ageLimits, isLast = false }: Look,
    since: Millis,
  ): Millis[] {
    const pending = this.#pending.get(model);
    const sizes = this.#sizes.get(model);
    const known = new Set(windows.map((window) => window.instant));
    for (const old of sizes?.keys() ?? []) if (!known.has(old) && old !== instant) sizes?.delete(old);
    // What has passed the horizon is computed a last time, with all that came before it did.
    const last = [...(pending?.keys() ?? [])].filter((old) => !known.has(old));
    const due = windows.filter((window) => {
      const [own] = window.periods;
      if (own === undefined) return false;
      const crosses = ageLimits.some((age) => instant - own.to >= age && since - own.to <= age);
      if (crosses) return true;
      const waiting = pending?.get(window.instant);
      if (waiting === undefined) return false;
      if (isLast) return true;
      const size = sizes?.get(window.instant);
      // Of what was computed before a restart the size is not known.
      if (size === undefined || waiting.count >= SHARE * size) return true;
      return instant - waiting.since >= PATIENCE * (instant - own.to);
    });
    return [...last, ...due.map((window) => window.instant)].slice(0, AT_A_TIME);
  }

  /** A window was computed with all labels that had come by the newest look. */
  computed(model: string, instant: Millis, predictions: number): void {
    this.#pending.get(model)?.delete(instant);
    const sizes = this.#sizes.get(model) ?? new Map<Millis, number>();
    this.#sizes.set(model, sizes);
    sizes.set(instant, predictions);
  }

  /**
   * From where on whoever takes over has to look, so that nothing is left out: what is pending is counted again then, and
   * some windows are computed once more than they need be.
   */
  get position(): LogPosition | undefined {
    let oldest: Pending | undefined;
    for (const ofModel of this.#pending.values()) {
      for (const pending of ofModel.values())
        if (oldest === undefined || pending.since < oldest.since) oldest = pending;
    }
    return oldest?.from ?? this.#position;
  }
}

/** What a window that was judged at an instant looks at. */
interface Span {
  readonly instant: Millis;
  readonly periods: readonly Period[];
}

/** As of the look before: what has come since may have come in time. */
function spans({ horizon, periodsAt }: WatchedModel, judged: readonly Millis[], since: Millis): Span[] {
  return judged
    .map((instant) => ({ instant, periods: periodsAt(instant) }))
    .filter(({ periods: [own] }) => own !== undefined && since - own.to <= horizon);
}

const MINUTE: Millis = 60_000;

/** Counts by minute, of which any stretch can be added up at once. */
class Arrivals {
  readonly #minutes: readonly Millis[];
  /** How many came in all minutes before each. */
  readonly #before: readonly number[];

  constructor(all: readonly Arrival[]) {
    const sorted = all.toSorted((a, b) => a.minute - b.minute);
    this.#minutes = sorted.map(({ minute }) => minute);
    let sum = 0;
    this.#before = [0, ...sorted.map(({ count }) => (sum += count))];
  }

  /** A minute that a window begins or ends in counts as one of it. */
  within({ from, to }: Period): number {
    const first = this.#firstAfter(from - MINUTE);
    const end = this.#firstAfter(to - 1);
    return (this.#before[end] as number) - (this.#before[first] as number);
  }

  #firstAfter(time: Millis): number {
    let [low, high] = [0, this.#minutes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#minutes[middle] as number) > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** What has come between two positions of the log. A partition that is new counts from its start. */
function rangesBetween(before: LogPosition, now: LogPosition): LogRange[] {
  const known = new Map(before.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
  return now.flatMap(({ topic, partition, offset: to }) => {
    const from = known.get(`${topic}/${partition}`) ?? 0;
    return to > from ? [{ topic, partition, from, to }] : [];
  });
}
