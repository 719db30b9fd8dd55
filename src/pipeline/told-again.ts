import type { AlertMarks } from '../notify/alert-marks.ts';
import type { DispatchDecision } from '../notify/dispatch.ts';
import type { Alert } from '../rules/alert.ts';

/**
 * The alerts that fire and that an integration may be told of, as of the newest step of the dispatcher: routed to it, and
 * neither silenced, nor inhibited, nor muted by a time interval.
 */
export function toldAgain(
  integration: string,
  alerts: readonly Alert[],
  {
    marks,
    decisions,
  }: {
    readonly marks: ReadonlyMap<string, AlertMarks>;
    readonly decisions: readonly DispatchDecision[];
  },
): Alert[] {
  const routed = new Set(
    decisions
      .filter(({ receiver, mutedBy }) => receiver === integration && mutedBy.length === 0)
      .flatMap((decision) => decision.alerts),
  );
  return alerts.filter(({ status, fingerprint }) => {
    const held = marks.get(fingerprint);
    const isHeld = held !== undefined && held.silencedBy.length + held.inhibitedBy.length > 0;
    return status === 'firing' && routed.has(fingerprint) && !isHeld;
  });
}
