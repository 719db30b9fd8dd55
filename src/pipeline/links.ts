import type { Labels, Period } from '../rules/alert.ts';

/** Makes the link of a message: to the Grafana dashboard where there is one, else to driftd's own page. */
export type LinkFor = (labels: Labels, window: Period) => string;

/** The uid of the overview dashboard that ships with driftd. */
export const OVERVIEW_UID = 'driftd-overview';

export function linkMaker(grafanaUrl: string | undefined, externalUrl: () => string): LinkFor {
  return (labels, window) => {
    if (grafanaUrl === undefined) return folder(externalUrl());
    const url = new URL(`d/${OVERVIEW_UID}`, folder(grafanaUrl));
    // Some windows before it, so that the change shows.
    const length = window.to - window.from;
    url.searchParams.set('from', String(window.from - 6 * length));
    url.searchParams.set('to', String(window.to + length));
    for (const name of ['model', 'version'] as const) {
      const value = labels[name];
      if (value !== undefined) url.searchParams.set(`var-${name}`, value);
    }
    return url.href;
  };
}

/** Where a target reports what becomes of a request. */
export function callbackUrl(externalUrl: string, id: string): string {
  return new URL(`v1/retrains/${encodeURIComponent(id)}`, folder(externalUrl)).href;
}

/** A URL to which paths can be added without losing its last part. */
function folder(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
