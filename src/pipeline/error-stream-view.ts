import type { ErrorStream } from '../metrics/error-stream.ts';
import type { ErrorStreamRow } from '../store/error-streams.ts';

/** What GET /api/v1/error-streams says of one model. */
export function errorStreamView({ model, advancedTo, state }: ErrorStreamRow): object {
  const streams = Object.entries(JSON.parse(state) as Record<string, ErrorStream>);
  return {
    model,
    advancedTo: new Date(advancedTo).toISOString(),
    versions: streams.map(([version, { n, sum, at, scale, detectors, warns }]) => {
      const { adwin, pageHinkley, ddm } = detectors;
      return {
        version,
        observations: n,
        newest: new Date(at).toISOString(),
        errorScale: scale,
        meanError: n === 0 ? null : sum / n,
        adwin: { width: adwin.width, mean: adwin.width === 0 ? null : adwin.total / adwin.width },
        pageHinkley: { observations: pageHinkley.n, mean: pageHinkley.mean, sum: pageHinkley.sum },
        ddm: ddm && {
          observations: ddm.n,
          errorRate: ddm.rate,
          leastErrorRate: ddm.least?.rate ?? null,
          warns,
        },
      };
    }),
  };
}
