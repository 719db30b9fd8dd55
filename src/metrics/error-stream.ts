import type { Millis } from '../base/clock.ts';
import type { ChangeSignal } from '../stats/change/change-step.ts';
import {
  type Detector,
  type DetectorOptions,
  type DetectorStates,
  detectChanges,
  startedDetectors,
} from './change-detectors.ts';

/** What a detector said of the errors of one version, and where. */
export interface Change {
  readonly version: string;
  readonly detector: Detector;
  readonly signal: Exclude<ChangeSignal, 'none'>;
  /** The event time of the prediction at which it said so. */
  readonly at: Millis;
  /** The place of that prediction among all labelled ones of the stream, from 0 on. */
  readonly observation: number;
}

/** The errors of one version of a model, one after the other in event time. Goes to JSON and back exactly. */
export interface ErrorStream {
  /** Errors so far. */
  readonly n: number;
  readonly sum: number;
  /** The event time of the newest. */
  readonly at: Millis;
  /** What errors are divided by. */
  readonly scale: number;
  readonly detectors: DetectorStates;
  /** Whether the newest error left DDM at its warning level, and the minute of the last warning that was told. */
  readonly warns: boolean;
  readonly warnedIn: number | null;
}

/** Larger errors, in units of the scale, count as this: their squares would end all precision. */
const LARGEST_ERROR = 1e6;

const MINUTE: Millis = 60_000;

/** @param scale what errors are divided by: their usual size, for a regression; 1 where they are 0 and 1. */
export function startedStream(task: 'classification' | 'regression', scale: number): ErrorStream {
  return {
    n: 0,
    sum: 0,
    at: 0,
    scale,
    detectors: startedDetectors(task),
    warns: false,
    warnedIn: null,
  };
}

/** Whether a stream is one of such errors; it is not any more where a model was given another task. */
export function isStreamOf(stream: ErrorStream, task: 'classification' | 'regression'): boolean {
  return (stream.detectors.ddm !== null) === (task === 'classification');
}

/**
 * Shows the next error of a stream to its detectors.
 *
 * A warning is told when DDM enters its warning level, at most once a minute of event time: at the edge it comes and goes.
 *
 * @param error 0 or more; for a classification 1 when the prediction is wrong, else 0.
 */
export function nextError(
  stream: ErrorStream,
  { version, at, error }: { readonly version: string; readonly at: Millis; readonly error: number },
  options: DetectorOptions,
): { readonly stream: ErrorStream; readonly scaled: number; readonly changes: readonly Change[] } {
  const scaled = Math.min(error / stream.scale, LARGEST_ERROR);
  const { states, signals } = detectChanges(stream.detectors, scaled, options);
  const minute = Math.floor(at / MINUTE);
  const warns = signals.some(([, signal]) => signal === 'warning');
  const isNews = warns && !stream.warns && minute !== stream.warnedIn;
  const told = signals.filter(([, signal]) => signal !== 'warning' || isNews);
  return {
    stream: {
      n: stream.n + 1,
      sum: stream.sum + scaled,
      at,
      scale: stream.scale,
      detectors: states,
      warns,
      warnedIn: isNews ? minute : stream.warnedIn,
    },
    scaled,
    changes: told.map(([detector, signal]) => ({ version, detector, signal, at, observation: stream.n })),
  };
}
