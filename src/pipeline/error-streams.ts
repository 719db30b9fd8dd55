import type { Millis } from '../base/clock.ts';
import {
  type Change,
  type ErrorStream,
  isStreamOf,
  nextError,
  startedStream,
} from '../metrics/error-stream.ts';
import { paneStart } from '../profile/pane.ts';
import type { Period } from '../rules/alert.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { ErrorPane, ErrorStreamRow } from '../store/error-streams.ts';
import type { LabelledError } from '../store/labelled-errors.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import type { ModelPolicies, ModelPolicy } from './model-policy.ts';

export interface ErrorStreamPorts {
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  /** How far before the first instant a stream begins. */
  readonly backfill: Millis;
  /** The errors of a period in order, behind one that is known, at most `limit`. */
  readonly labelledErrors: (
    model: string,
    period: Period,
    after: LabelledError | undefined,
    limit: number,
  ) => Promise<readonly LabelledError[]>;
  /** The newest step of each model. */
  readonly newest: () => Promise<readonly ErrorStreamRow[]>;
  /** Commits a step. Throws when another process may be the one that does by now. */
  readonly save: (row: ErrorStreamRow) => Promise<void>;
  /** Writes what a committed step found to the tables that people read. May be asked twice for the same. */
  readonly project: (row: ErrorStreamRow) => Promise<void>;
  readonly onAdvanced?: (row: ErrorStreamRow) => void;
}

/** By version. */
type Streams = Readonly<Record<string, ErrorStream>>;

interface Position {
  readonly advancedTo: Millis;
  readonly streams: Streams;
}

/** A step is as many whole panes as cover this, so that a long way is gone in steps that are kept. */
const STEP: Millis = 3_600_000;

/** Errors that are in memory at once. */
const PAGE = 50_000;

/** Changes of one step that are kept; a detector that is set to tell of each label tells of as many. */
const MAX_CHANGES = 1_000;

/** Versions of one model that are remembered; past them the one that has been silent for longest is forgotten. */
const MAX_VERSIONS = 100;

/**
 * Leads the change detectors of each model along its labelled predictions, in event time and each of them once.
 *
 * A stream advances to where labels are due, and never goes back: a label that comes later than that is left out, as is one
 * that corrects another then. A step is committed by one row, which holds where the stream stands and what was found; the
 * tables that people read are written from that row afterwards, and again by whoever takes over.
 */
export class ErrorStreams {
  readonly #ports: ErrorStreamPorts;
  #known: Map<string, Position> | undefined;

  constructor(ports: ErrorStreamPorts) {
    this.#ports = ports;
  }

  /** Takes over from whoever led the streams before, and finishes what that one may have left. */
  async takeOver(): Promise<void> {
    const known = new Map<string, Position>();
    for (const row of await this.#ports.newest()) {
      await this.#ports.project(row);
      known.set(row.model, { advancedTo: row.advancedTo, streams: JSON.parse(row.state) as Streams });
    }
    this.#known = known;
  }

  /** Forgets what it knows, because another instance may go on. */
  release(): void {
    this.#known = undefined;
  }

  /** Leads the streams of the models of a group to where their labels are due at an instant. */
  async advance(group: Pick<RuleGroup, 'wantsModel'>, instant: Millis, signal: AbortSignal): Promise<void> {
    const { directory, policies } = this.#ports;
    for (const model of directory.models()) {
      const policy = policies(model);
      if (!group.wantsModel(model) || policy.labels === undefined) continue;
      const due = instant - policy.labels.delay;
      await this.#advance(model, paneStart(due, this.#pane(model, due)), signal);
    }
  }

  /** Streams advance by whole panes, as windows do. */
  #pane(model: string, at: Millis): Millis {
    const [inForce] = this.#ports.directory.inForce(model, at).values();
    return inForce?.active.baseline.pane ?? this.#ports.policies(model).pane;
  }

  async #advance(model: string, to: Millis, signal: AbortSignal): Promise<void> {
    const known = this.#known;
    if (known === undefined) throw new Error('the streams were not taken over');
    let position = known.get(model) ?? {
      advancedTo: paneStart(to - this.#ports.backfill, this.#pane(model, to)),
      streams: {},
    };
    let committed = position.advancedTo;
    const commit = async (row: ErrorStreamRow): Promise<void> => {
      signal.throwIfAborted();
      await this.#ports.save(row);
      await this.#ports.project(row);
      committed = row.advancedTo;
      known.set(model, position);
      this.#ports.onAdvanced?.(row);
    };
    const pane = this.#pane(model, to);
    const length = Math.ceil(STEP / pane) * pane;
    while (position.advancedTo < to) {
      const period = { from: position.advancedTo, to: Math.min(to, position.advancedTo + length) };
      const step = await this.#step(model, period, position.streams, signal);
      const isEmpty = step.panes.length === 0;
      // Where nothing is labelled so far, labels may be late: the last hour of that is looked at again.
      const passed = isEmpty ? Math.min(period.to, Math.max(period.from, to - length)) : period.to;
      position = { advancedTo: passed, streams: step.streams };
      if (!isEmpty) await commit(rowOf(model, position, step));
      if (passed < period.to) break;
    }
    if (position.advancedTo > committed) await commit(rowOf(model, position, { panes: [], changes: [] }));
  }

  async #step(
    model: string,
    period: Period,
    before: Streams,
    signal: AbortSignal,
  ): Promise<{ streams: Streams; panes: readonly ErrorPane[]; changes: readonly Change[] }> {
    const policy = this.#ports.policies(model);
    const streams = new Map(Object.entries(before));
    const panes = new Map<string, ErrorPane>();
    const changes: Change[] = [];
    const length = this.#pane(model, period.from);
    let after: LabelledError | undefined;
    for (;;) {
      signal.throwIfAborted();
      const page = await this.#ports.labelledErrors(model, period, after, PAGE);
      for (const error of page) {
        const { version, at } = error;
        const known = streams.get(version);
        const stream =
          known !== undefined && isStreamOf(known, policy.task)
            ? known
            : this.#started(model, version, at, policy);
        const next = nextError(stream, error, policy.changeDetectors);
        streams.set(version, next.stream);
        changes.push(...next.changes.slice(0, MAX_CHANGES - changes.length));
        // A pane that was begun under a baseline with others is counted in two parts.
        const pane = Math.max(period.from, paneStart(at, length));
        const key = `${pane}\0${version}`;
        const { observations = 0, errors = 0 } = panes.get(key) ?? {};
        panes.set(key, { version, pane, observations: observations + 1, errors: errors + next.scaled });
      }
      after = page.at(-1);
      if (page.length < PAGE) break;
    }
    return { streams: remembered(streams), panes: [...panes.values()], changes };
  }

  #started(model: string, version: string, at: Millis, { task, changeDetectors }: ModelPolicy): ErrorStream {
    if (task === 'classification') return startedStream(task, 1);
    const { performance } = this.#ports.directory.at(model, version, at)?.baseline ?? {};
    const usual = performance?.get('mae')?.value ?? 0;
    return startedStream(task, changeDetectors.errorScale ?? (usual > 0 ? usual : 1));
  }
}

function rowOf(
  model: string,
  { advancedTo, streams }: Position,
  { panes, changes }: Pick<ErrorStreamRow, 'panes' | 'changes'>,
): ErrorStreamRow {
  return { model, advancedTo, state: JSON.stringify(streams), panes, changes };
}

function remembered(streams: ReadonlyMap<string, ErrorStream>): Streams {
  const newest = [...streams].sort(([, a], [, b]) => b.at - a.at).slice(0, MAX_VERSIONS);
  return Object.fromEntries(newest);
}
