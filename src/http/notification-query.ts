import { NOTIFICATION_STATUSES, type NotificationStatus } from '../notify/outbox-row.ts';

/** Which notifications somebody asks for. */
export interface NotificationQuery {
  readonly status?: NotificationStatus;
  readonly receiver?: string;
  readonly limit: number;
}

/** Nobody reads more. */
const MOST = 1_000;

/** Reads the query of GET /api/v1/notifications. */
export function notificationQuery(query: URLSearchParams): NotificationQuery | { readonly fault: string } {
  const unknown = [...query.keys()].find((key) => !['status', 'receiver', 'limit'].includes(key));
  if (unknown !== undefined)
    return { fault: `unknown parameter "${unknown}"; known are status, receiver and limit` };
  const written = query.get('status');
  const status = NOTIFICATION_STATUSES.find((known) => known === written);
  if (written !== null && status === undefined)
    return { fault: `status: expected one of ${NOTIFICATION_STATUSES.join(', ')}` };
  const limit = query.get('limit') ?? '100';
  if (!/^[1-9]\d{0,3}$/.test(limit) || Number(limit) > MOST)
    return { fault: `limit: expected a whole number from 1 to ${MOST}` };
  const receiver = query.get('receiver');
  return {
    limit: Number(limit),
    ...(status !== undefined && { status }),
    ...(receiver !== null && { receiver }),
  };
}
