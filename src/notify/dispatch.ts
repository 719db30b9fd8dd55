import type { Millis } from '../base/clock.ts';
import type { Alert, Labels } from '../rules/alert.ts';
import { type AlertGroup, alertGroups } from './alert-groups.ts';
import { type AlertMarks, markerOf } from './alert-marks.ts';
import {
  type ConversationState,
  type DispatchReason,
  type Member,
  NEW_CONVERSATION,
  type StepTime,
  stepConversation,
} from './conversation.ts';
import type { DispatchConfig } from './dispatch-config.ts';
import { alertNotification, type NotificationParts } from './make-notification.ts';
import type { AlertNotification } from './notification.ts';
import type { ReceiverIntegration } from './receiver-integrations.ts';
import type { Route } from './route-tree.ts';
import type { Acknowledgement, Silence } from './silence.ts';

/** An alert that fires, or one that was told and is over. */
export interface AlertEvent {
  readonly alert: Alert;
  /** The evaluation instant at which it began to fire, or at which it resolved. */
  readonly at: Millis;
}

/** One step of one conversation, as it is committed: what is kept, and what is sent. */
export interface DispatchEntry {
  readonly groupKey: string;
  /** The key of the integration. */
  readonly receiver: string;
  /** Grows by one with every entry of the conversation. */
  readonly seq: number;
  readonly reason: DispatchReason;
  readonly state: ConversationState;
  readonly notification: AlertNotification | undefined;
}

/** What was decided about one group and one integration, and why. */
export interface DispatchDecision {
  readonly groupKey: string;
  readonly groupLabels: Labels;
  readonly receiver: string;
  readonly reason: DispatchReason;
  /** Names of the time intervals that mute the route now, or `active_time_intervals` outside of which it is. */
  readonly mutedBy: readonly string[];
  /** All alerts of the group, by fingerprint. */
  readonly alerts: readonly string[];
  readonly dueAt: Millis | undefined;
}

export interface DispatchInput {
  readonly time: StepTime;
  /** What fires, and what was told and is over. */
  readonly events: readonly AlertEvent[];
  readonly config: DispatchConfig;
  readonly silences: readonly Silence[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** The newest entries, by `conversationKey`. */
  readonly conversations: ReadonlyMap<string, Pick<DispatchEntry, 'groupKey' | 'receiver' | 'seq' | 'state'>>;
  /** Whether a message about a group is still on its way to an integration. */
  readonly waits: (receiver: string, groupKey: string) => boolean;
  readonly link: NotificationParts['link'];
}

export interface DispatchOutcome {
  /** The conversations that changed. Nothing is decided before these are committed. */
  readonly entries: readonly DispatchEntry[];
  readonly decisions: readonly DispatchDecision[];
  /** By fingerprint. */
  readonly marks: ReadonlyMap<string, AlertMarks>;
}

export function conversationKey(receiver: string, groupKey: string): string {
  return JSON.stringify([receiver, groupKey]);
}

/** Decides for all groups and integrations who is told what now: the same input gives the same output, ids included. */
export function dispatch(input: DispatchInput): DispatchOutcome {
  const { config, events, time } = input;
  const firing = events.flatMap(({ alert }) => (alert.status === 'firing' ? [alert] : []));
  const mark = markerOf(firing, { ...input, inhibitRules: config.inhibitRules, now: time.now });
  const marks = new Map(events.map(({ alert }) => [alert.fingerprint, mark(alert)]));
  const entries: DispatchEntry[] = [];
  const decisions: DispatchDecision[] = [];
  const seen = new Set<string>();
  for (const group of config.root === undefined ? [] : alertGroups(config.root, events)) {
    const members = group.alerts.map((event) => memberOf(event, marks.get(event.alert.fingerprint)));
    const mutedBy = muting(group.route, config, time.now);
    for (const integration of config.integrations.get(group.route.receiver) ?? []) {
      const key = conversationKey(integration.key, group.key);
      seen.add(key);
      const { entry, decision } = converse(input, group, integration, members, mutedBy);
      if (entry !== undefined) entries.push(entry);
      decisions.push(decision);
    }
  }
  for (const [key, conversation] of input.conversations) {
    if (seen.has(key) || Object.keys(conversation.state.told).length === 0) continue;
    const { groupKey, receiver, seq, state } = conversation;
    const forgotten = { ...state, told: {} };
    entries.push({
      groupKey,
      receiver,
      seq: seq + 1,
      reason: 'rerouted',
      state: forgotten,
      notification: undefined,
    });
  }
  return { entries, decisions, marks };
}

function converse(
  { conversations, time, link, waits }: DispatchInput,
  group: AlertGroup<AlertEvent>,
  integration: ReceiverIntegration,
  members: readonly Member[],
  mutedBy: readonly string[],
): { readonly entry: DispatchEntry | undefined; readonly decision: DispatchDecision } {
  const before = conversations.get(conversationKey(integration.key, group.key));
  const state = before?.state ?? NEW_CONVERSATION;
  const { groupWait, groupInterval, repeatInterval } = group.route;
  const terms = {
    groupWait,
    groupInterval,
    repeatInterval,
    sendResolved: integration.sendResolved,
    muted: mutedBy.length > 0,
    waits: waits(integration.key, group.key),
  };
  const step = stepConversation(state, members, terms, time);
  const about = { groupKey: group.key, receiver: integration.key, reason: step.reason };
  const seq = (before?.seq ?? 0) + 1;
  const { message } = step;
  const lists = new Set(message?.lists);
  const notification =
    message &&
    alertNotification({
      ...about,
      ...message,
      groupLabels: group.labels,
      seq,
      events: group.alerts.filter(({ alert }) => lists.has(alert.fingerprint)),
      link,
    });
  return {
    entry: step.state === state ? undefined : { ...about, seq, state: step.state, notification },
    decision: {
      ...about,
      groupLabels: group.labels,
      mutedBy,
      alerts: group.alerts.map(({ alert }) => alert.fingerprint),
      dueAt: step.dueAt,
    },
  };
}

function memberOf({ alert, at }: AlertEvent, marks: AlertMarks | undefined): Member {
  const firing = alert.status === 'firing';
  // What explains an alert does not explain its end.
  const inhibited = firing && marks?.inhibitedBy.length ? 'inhibited' : undefined;
  return {
    fingerprint: alert.fingerprint,
    firing,
    at,
    suppressed: marks?.silencedBy.length ? 'silenced' : inhibited,
    acknowledged: (marks?.acknowledgedBy.length ?? 0) > 0,
  };
}

/** The names of what forbids a route to send now, as Alertmanager reads them. */
function muting(route: Route, { timeIntervals }: DispatchConfig, now: Millis): readonly string[] {
  const isTime = (name: string): boolean => timeIntervals.get(name)?.contains(now) ?? false;
  const active = route.activeTimeIntervals;
  if (active.length > 0 && !active.some(isTime)) return active;
  return route.muteTimeIntervals.filter(isTime);
}
