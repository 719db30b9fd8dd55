import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Clock, Millis } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { signingKey } from '../notify/sign.ts';
import { hasValidSignature } from '../notify/verify-signature.ts';
import type { DeskAnswer, RetrainDesk } from '../pipeline/retraining/retrain-desk.ts';
import { type ApiAnswer, faultsOf } from './api-answer.ts';
import { readBody } from './request-body.ts';

/** A target that may report. */
export interface ReportingTarget {
  readonly name: string;
  readonly callback_secret?: string | undefined;
}

const MOST_BYTES = 64 * 1024;
/** As Standard Webhooks advises: what was recorded longer ago is not taken for news. */
const TOLERANCE: Millis = 5 * 60_000;

const text = z.string().max(1_000);
const name = text.min(1);

/** `request` binds what is signed to one request: without it, it could be sent again for another one within the tolerance. */
const about = { run: name.optional(), reason: text.optional(), request: name.optional() };

const reportBody = z.discriminatedUnion('status', [
  z.strictObject({ status: z.enum(['accepted', 'running', 'failed']), ...about }),
  z.strictObject({
    status: z.literal('succeeded'),
    version: name,
    baseline: name.default('learn'),
    ...about,
  }),
]);

const STATUS: Readonly<Record<DeskAnswer['kind'], number>> = {
  done: 200,
  unknown: 404,
  conflict: 409,
  invalid: 422,
};

/** Takes what a target reports of a request. Who cannot sign learns nothing, not even which requests there are. */
export async function answerCallback(
  request: IncomingMessage,
  id: string,
  desk: RetrainDesk,
  targets: readonly ReportingTarget[],
  clock: Clock,
): Promise<ApiAnswer> {
  if (request.method !== 'POST') return { status: 405, body: 'only POST is answered here', allow: 'POST' };
  const body = await readBody(request, MOST_BYTES);
  if (body === undefined) return { status: 413, body: `the body is longer than ${MOST_BYTES} bytes` };
  const signers = targets.filter((target) => isSigned(request.headers, body, target, clock.now()));
  if (signers.length === 0) return unsigned();
  const known = await desk.get(id);
  if (known === undefined) return { status: 404, body: `there is no retraining request ${id}` };
  if (!signers.some((target) => target.name === known.target)) return unsigned();
  const report = parsed(body);
  if ('fault' in report) return { status: 400, body: report.fault };
  const { request: meant = id, ...said } = report;
  if (meant !== id) return { status: 400, body: 'request: it is about another request' };
  const answer = await desk.report(id, said);
  return { status: STATUS[answer.kind], body: answer.kind === 'done' ? answer.view : answer.message };
}

function unsigned(): ApiAnswer {
  return {
    status: 401,
    body: "the signature is missing, wrong or older than five minutes; sign with the target's callback_secret",
  };
}

function isSigned(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { callback_secret: secret }: ReportingTarget,
  now: Millis,
): boolean {
  const key = secret === undefined ? undefined : signingKey(secret);
  const timestamp = headers['webhook-timestamp'];
  if (key === undefined || typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp) * 1000) > TOLERANCE) return false;
  return hasValidSignature(headers, body, key);
}

function parsed(body: Buffer): z.output<typeof reportBody> | { readonly fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    return { fault: `the body is not JSON: ${messageOf(error)}` };
  }
  const { data, error } = reportBody.safeParse(value);
  return error === undefined ? data : { fault: faultsOf(error) };
}
