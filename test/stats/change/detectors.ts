import { ADWIN_DEFAULTS, ADWIN_START, adwin } from '../../../src/stats/change/adwin.ts';
import type { ChangeSignal, ChangeStep } from '../../../src/stats/change/change-step.ts';
import { DDM_DEFAULTS, DDM_START, ddm } from '../../../src/stats/change/ddm.ts';
import {
  PAGE_HINKLEY_DEFAULTS,
  PAGE_HINKLEY_START,
  pageHinkley,
} from '../../../src/stats/change/page-hinkley.ts';

type Parameters = Readonly<Record<string, number>>;

/** A detector whose state is of no interest, with parameters as the published cases name them. */
export interface AnyDetector {
  readonly start: unknown;
  readonly step: (state: unknown, x: number) => ChangeStep<unknown>;
}

/** Options by the names that the published cases have for them. */
function withParameters<T extends object>(defaults: T, parameters: Parameters): T {
  const given = Object.entries(parameters).map(([name, value]) => [
    name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    value,
  ]);
  return { ...defaults, ...Object.fromEntries(given) };
}

/** By the names that they have in the published cases. */
export const DETECTORS: Readonly<Record<string, (parameters: Parameters) => AnyDetector>> = {
  adwin: (parameters) => ({
    start: ADWIN_START,
    step: (state, x) => adwin(state as never, x, withParameters(ADWIN_DEFAULTS, parameters)),
  }),
  page_hinkley: (parameters) => ({
    start: PAGE_HINKLEY_START,
    step: (state, x) => pageHinkley(state as never, x, withParameters(PAGE_HINKLEY_DEFAULTS, parameters)),
  }),
  ddm: (parameters) => ({
    start: DDM_START,
    step: (state, x) => ddm(state as never, x, withParameters(DDM_DEFAULTS, parameters)),
  }),
};

/** All signals but `none`, with the places of their values. */
export function signalsOf(
  { start, step }: AnyDetector,
  values: readonly number[],
  between: (state: unknown, place: number) => unknown = (state) => state,
): Array<readonly [place: number, signal: ChangeSignal]> {
  let state = start;
  return values.flatMap((x, place) => {
    const after = step(between(state, place), x);
    state = after.state;
    return after.signal === 'none' ? [] : [[place, after.signal] as const];
  });
}
