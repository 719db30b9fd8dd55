import type { Millis } from '../base/clock.ts';
import type { AlertNotification, RetrainingNote, RetrainRequest } from './notification.ts';
import { notificationId } from './notification-id.ts';
import { reasonOf } from './retrain-parameters.ts';

/** Tells that a new model is suggested, and how to say yes. */
export function suggestionNote(request: RetrainRequest, receiver: string): AlertNotification {
  const { id, target, model } = request;
  const lines = [
    reasonOf(request),
    `${target} would be asked for a new model of ${model}.`,
    `To approve it: driftd retrain approve ${id}`,
    `To decline it: driftd retrain cancel ${id}`,
  ];
  return note(request, receiver, request.at, {
    about: 'suggested',
    title: 'a new model is suggested',
    lines,
  });
}

/** Tells how a new version does beside the one that it replaces. */
export function comparisonNote(
  request: RetrainRequest,
  receiver: string,
  at: Millis,
  lines: readonly string[],
): AlertNotification {
  return note(request, receiver, at, { about: 'compared', title: 'a new version was compared', lines });
}

function note(
  request: RetrainRequest,
  receiver: string,
  at: Millis,
  content: Omit<RetrainingNote, 'request'>,
): AlertNotification {
  const { id, model, version, alerts, window, link } = request;
  return {
    kind: 'alerts',
    id: notificationId('retraining', id, content.about, receiver),
    receiver,
    status: 'firing',
    ruleGroup: [...new Set(alerts.map(({ ruleGroup }) => ruleGroup))].sort().join(', '),
    groupLabels: { model, version },
    groupKey: `retraining ${id}`,
    alerts,
    window,
    at,
    link,
    note: { request: id, ...content },
  };
}
