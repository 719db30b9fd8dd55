import type { AlertMarks } from '../notify/alert-marks.ts';
import type { DispatchDecision } from '../notify/dispatch.ts';
import type { Alert } from '../rules/alert.ts';

/** An alert as people see it: with what keeps it from being told, in Alertmanager's words. */
export interface AlertView extends Alert, AlertMarks {
  /** `unprocessed` is one that is pending, and so nobody's business yet. */
  readonly state: 'unprocessed' | 'active' | 'suppressed';
  /** Names of the time intervals that mute its routes. */
  readonly mutedBy: readonly string[];
}

const NO_MARKS: AlertMarks = { silencedBy: [], inhibitedBy: [], acknowledgedBy: [] };

/** As of the newest step of the dispatcher. */
export function alertViews(
  alerts: readonly Alert[],
  {
    marks,
    decisions,
  }: {
    readonly marks: ReadonlyMap<string, AlertMarks>;
    readonly decisions: readonly DispatchDecision[];
  },
): AlertView[] {
  const muted = new Map<string, Set<string>>();
  for (const { alerts: members, mutedBy } of decisions) {
    if (mutedBy.length === 0) continue;
    for (const fingerprint of members)
      muted.set(fingerprint, new Set([...(muted.get(fingerprint) ?? []), ...mutedBy]));
  }
  return alerts.map((alert) => {
    const own = marks.get(alert.fingerprint) ?? NO_MARKS;
    const mutedBy = [...(muted.get(alert.fingerprint) ?? [])];
    const suppressed = own.silencedBy.length + own.inhibitedBy.length + mutedBy.length > 0;
    const state = alert.status === 'pending' ? 'unprocessed' : suppressed ? 'suppressed' : 'active';
    return { ...alert, state, ...own, mutedBy };
  });
}
