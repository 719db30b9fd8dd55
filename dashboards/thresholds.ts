import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type Threshold,
  type ThresholdsConfig,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** Where psi is by long custom called a moderate and a large shift; the shipped rules begin at the first. */
export const MODERATE_PSI = 0.1;
export const LARGE_PSI = 0.25;

/** A colour from the bottom, and others from their values upwards. */
export function steps(
  base: string,
  ...above: ReadonlyArray<readonly [value: number, color: string]>
): Builder<ThresholdsConfig> {
  const first: Threshold = { value: null, color: base };
  return new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([first, ...above.map(([value, color]) => ({ value, color }))]);
}
