import type { Millis } from '../base/clock.ts';
import type { Alert } from '../rules/alert.ts';
import type { InhibitRuleOptions } from './inhibit-options.ts';
import { inhibitorsOf } from './inhibition.ts';
import { type Acknowledgement, acknowledges, type Silence, silences } from './silence.ts';

/** Who keeps an alert from being told. */
export interface AlertMarks {
  /** Ids of silences. */
  readonly silencedBy: readonly string[];
  /** Fingerprints of the alerts that explain it. */
  readonly inhibitedBy: readonly string[];
  /** Ids of acknowledgements. */
  readonly acknowledgedBy: readonly string[];
}

/** What people and rules have said about alerts, at one time. */
export interface MarkSources {
  readonly silences: readonly Silence[];
  readonly acknowledgements: readonly Acknowledgement[];
  readonly inhibitRules: readonly InhibitRuleOptions[];
  readonly now: Millis;
}

/**
 * @param firing all that fire, since those inhibit.
 * @returns for one alert, firing or resolved, what holds it back.
 */
export function markerOf(firing: readonly Alert[], sources: MarkSources): (alert: Alert) => AlertMarks {
  const inhibitors = inhibitorsOf(sources.inhibitRules, firing);
  const { now } = sources;
  const active = sources.silences.filter((silence) => silence.startsAt <= now && now < silence.endsAt);
  return (alert) => ({
    silencedBy: active.filter((silence) => silences(silence, alert.labels, now)).map(({ id }) => id),
    inhibitedBy: inhibitors(alert.labels),
    acknowledgedBy: sources.acknowledgements
      .filter((acknowledgement) => acknowledges(acknowledgement, alert))
      .map(({ id }) => id),
  });
}
