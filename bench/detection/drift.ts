import { type Draw, lognormal, normal, poisson, sometimes, studentT, uniformCategory } from './draw.ts';
import { MIXED, type Source } from './source.ts';

/** A change of one feature of the mixed twenty. */
export interface Drift {
  readonly name: string;
  /** Position of the feature in MIXED. */
  readonly feature: number;
  readonly draw: Draw;
}

/** The shifts that are asked for at every size. */
export const DRIFTS: readonly Drift[] = [
  { name: 'mean + 0.1 sigma', ...of('normal-0', normal(0.1, 1)) },
  { name: 'mean + 0.2 sigma', ...of('normal-0', normal(0.2, 1)) },
  { name: 'mean + 0.5 sigma', ...of('normal-0', normal(0.5, 1)) },
  { name: 'variance doubled', ...of('normal-0', normal(0, Math.SQRT2)) },
  { name: 'new category of 2 %', ...of('categorical-1', sometimes(0.02, 4, uniformCategory(4))) },
  { name: 'missing share 0 to 5 %', ...of('normal-0', sometimes(0.05, Number.NaN, normal(0, 1))) },
];

/** Others, at one size: what the shift of a normal feature does not tell about. */
export const OTHER_DRIFTS: readonly Drift[] = [
  { name: 'lognormal (0.5): + 0.2 sigma', ...of('lognormal-1', plus(0.2 * logStd(0.5), lognormal(0.5))) },
  { name: 'lognormal (1.5): + 0.2 sigma', ...of('lognormal-3', plus(0.2 * logStd(1.5), lognormal(1.5))) },
  { name: "Student's t (3): + 0.2 sigma", ...of('heavy-1', plus(0.2 * Math.sqrt(3), studentT(3))) },
  { name: 'Poisson (3): mean + 0.2 sigma', ...of('integer-1', poisson(3 + 0.2 * Math.sqrt(3))) },
  { name: 'Poisson (50): mean + 0.2 sigma', ...of('integer-3', poisson(50 + 0.2 * Math.sqrt(50))) },
  { name: 'two categories: 50 % to 60 %', ...of('categorical-0', sometimes(0.2, 0, uniformCategory(2))) },
  { name: 'eight categories: one doubled', ...of('categorical-2', sometimes(1 / 7, 0, uniformCategory(8))) },
  { name: 'a tenth of the values 0', ...of('normal-1', sometimes(0.1, 0, normal(100, 15))) },
];

export function sourceOf({ feature, draw }: Drift): Source {
  return { ...(MIXED[feature] as Source), draw };
}

function of(name: string, draw: Draw): { feature: number; draw: Draw } {
  return { feature: MIXED.findIndex((source) => source.name === name), draw };
}

function plus(shift: number, draw: Draw): Draw {
  return (random, wave) => draw(random, wave) + shift;
}

function logStd(sigma: number): number {
  return Math.sqrt(Math.expm1(sigma ** 2) * Math.exp(sigma ** 2));
}
