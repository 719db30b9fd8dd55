import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { RETRAIN_STATES } from '../notify/retrain-states.ts';
import type { DeskAnswer, RetrainDesk } from '../pipeline/retraining/retrain-desk.ts';
import { type ApiAnswer, faultsOf } from './api-answer.ts';
import { crossSiteFault } from './cross-site.ts';
import { readBody } from './request-body.ts';
import { answerCallback, type ReportingTarget } from './retrain-callback.ts';

export interface RetrainApiPorts {
  readonly clock: Clock;
  /** Undefined while the store is not open. */
  readonly desk: () => RetrainDesk | undefined;
  readonly targets: () => readonly ReportingTarget[];
  readonly ownOrigins: () => readonly string[];
}

const MOST_BYTES = 16 * 1024;
const MOST_LISTED = 1_000;

const PATH =
  /^\/(?:api\/v1\/retrains(?:\/(?<id>[^/]+)(?:\/(?<verb>approve|cancel))?)?|v1\/retrains\/(?<reported>[^/]+))$/;

const listQuery = z.strictObject({
  model: z.string().optional(),
  state: z.enum(RETRAIN_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(MOST_LISTED).default(100),
});

/** What somebody says who approves or cancels a request. */
const decisionBody = z.strictObject({
  author: z.string().min(1).max(200),
  reason: z.string().max(1_000).default(''),
});

/** Whether a path is one of those below. */
export function isRetrainPath(path: string): boolean {
  return /^\/(api\/)?v1\/retrains(\/|$)/.test(path);
}

/** Requests for new models: to be looked at, approved and cancelled by people, and reported on by targets. */
export async function answerRetrains(
  request: IncomingMessage,
  url: URL,
  ports: RetrainApiPorts,
): Promise<ApiAnswer> {
  const { id, verb, reported } = PATH.exec(url.pathname)?.groups ?? {};
  if (url.pathname !== '/api/v1/retrains' && id === undefined && reported === undefined)
    return { status: 404, body: 'not found; try /api/v1/retrains' };
  const desk = ports.desk();
  if (desk === undefined) return { status: 503, body: 'the store is not there yet' };
  try {
    if (reported !== undefined)
      return await answerCallback(request, reported, desk, ports.targets(), ports.clock);
    if (verb !== undefined) return await decide(request, id ?? '', verb, desk, ports);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return { status: 405, body: 'only GET is answered here', allow: 'GET' };
    if (id === undefined) return await list(url, desk);
    const view = await desk.get(id);
    return view === undefined ? notThere(id) : { status: 200, body: view };
  } catch (error) {
    return { status: 503, body: messageOf(error) };
  }
}

async function list(url: URL, desk: RetrainDesk): Promise<ApiAnswer> {
  const { data, error } = listQuery.safeParse(Object.fromEntries(url.searchParams));
  if (error !== undefined) return { status: 400, body: faultsOf(error) };
  const { model, state, limit } = data;
  const retrains = await desk.list({
    limit,
    ...(model !== undefined && { model }),
    ...(state !== undefined && { state }),
  });
  return { status: 200, body: { retrains } };
}

async function decide(
  request: IncomingMessage,
  id: string,
  verb: string,
  desk: RetrainDesk,
  { ownOrigins }: RetrainApiPorts,
): Promise<ApiAnswer> {
  if (request.method !== 'POST') return { status: 405, body: 'only POST is answered here', allow: 'POST' };
  const fault = crossSiteFault(request, ownOrigins());
  if (fault !== undefined) return { status: fault.status, body: fault.message };
  const body = await readBody(request, MOST_BYTES);
  if (body === undefined) return { status: 413, body: `the body is longer than ${MOST_BYTES} bytes` };
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return { status: 400, body: `the body is not JSON: ${messageOf(error)}` };
  }
  const { data, error } = decisionBody.safeParse(value);
  if (error !== undefined) return { status: 400, body: faultsOf(error) };
  const answer = await (verb === 'approve'
    ? desk.approve(id, data.author)
    : desk.cancel(id, data.author, data.reason));
  return answerOf(answer);
}

function answerOf(answer: DeskAnswer): ApiAnswer {
  switch (answer.kind) {
    case 'done':
      return { status: 200, body: answer.view };
    case 'unknown':
      return { status: 404, body: answer.message };
    case 'conflict':
      return { status: 409, body: answer.message };
    case 'invalid':
      return { status: 400, body: answer.message };
  }
}

function notThere(id: string): ApiAnswer {
  return { status: 404, body: `there is no retraining request ${id}` };
}
