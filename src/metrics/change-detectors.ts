import { ADWIN_START, type AdwinOptions, type AdwinState, adwin } from '../stats/change/adwin.ts';
import type { ChangeSignal } from '../stats/change/change-step.ts';
import { DDM_START, type DdmOptions, type DdmState, ddm } from '../stats/change/ddm.ts';
import {
  PAGE_HINKLEY_START,
  type PageHinkleyOptions,
  type PageHinkleyState,
  pageHinkley,
} from '../stats/change/page-hinkley.ts';

export const DETECTORS = ['adwin', 'page_hinkley', 'ddm'] as const;

export type Detector = (typeof DETECTORS)[number];

export interface DetectorOptions {
  readonly adwin: AdwinOptions;
  readonly pageHinkley: PageHinkleyOptions;
  readonly ddm: DdmOptions;
}

/** What all detectors know of one stream of errors. Goes to JSON and back exactly. */
export interface DetectorStates {
  readonly adwin: AdwinState;
  readonly pageHinkley: PageHinkleyState;
  /** Null where errors are not 0 or 1. */
  readonly ddm: DdmState | null;
}

export function startedDetectors(task: 'classification' | 'regression'): DetectorStates {
  return {
    adwin: ADWIN_START,
    pageHinkley: PAGE_HINKLEY_START,
    ddm: task === 'classification' ? DDM_START : null,
  };
}

/** Shows one more error to all detectors. @returns the signals of those that have something to say. */
export function detectChanges(
  states: DetectorStates,
  error: number,
  options: DetectorOptions,
): {
  readonly states: DetectorStates;
  readonly signals: ReadonlyArray<readonly [Detector, Exclude<ChangeSignal, 'none'>]>;
} {
  const window = adwin(states.adwin, error, options.adwin);
  const sum = pageHinkley(states.pageHinkley, error, options.pageHinkley);
  const rate = states.ddm === null ? null : ddm(states.ddm, error, options.ddm);
  const signals: Array<readonly [Detector, Exclude<ChangeSignal, 'none'>]> = [];
  if (window.signal !== 'none') signals.push(['adwin', window.signal]);
  if (sum.signal !== 'none') signals.push(['page_hinkley', sum.signal]);
  if (rate !== null && rate.signal !== 'none') signals.push(['ddm', rate.signal]);
  return {
    states: { adwin: window.state, pageHinkley: sum.state, ddm: rate?.state ?? null },
    signals,
  };
}
