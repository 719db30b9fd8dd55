import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { DriftdError, messageOf } from '../base/errors.ts';
import { MATCHER_FORM, type Matcher, parseMatcher } from '../notify/matcher.ts';
import { type Silence, silenceState } from '../notify/silence.ts';
import type { Suppressions } from '../pipeline/suppressions.ts';
import { type ApiAnswer, faultsOf } from './api-answer.ts';
import { crossSiteFault } from './cross-site.ts';
import { readBody } from './request-body.ts';
import { acknowledgementBody, acknowledgementJson, silenceBody, silenceJson } from './suppression-json.ts';

/** A body of a hundred matchers is smaller. */
const MOST_BYTES = 256 * 1024;

export interface SuppressionApiPorts {
  readonly clock: Clock;
  /** Undefined while the store is not open. */
  readonly suppressions: () => Suppressions | undefined;
  readonly ownOrigins: () => readonly string[];
  /** After somebody has changed something, so that it shows at once. */
  readonly onChange: (what: string, about: Readonly<Record<string, unknown>>) => void;
}

const BASE = '/api/v1/';

/** Whether a path is one of those below. */
export function isSuppressionPath(path: string): boolean {
  return /^\/api\/v1\/(silences?|acknowledgements?)(\/|$)/.test(path);
}

/**
 * Silences in the words and forms of Alertmanager's API v2, and acknowledgements likewise. A fault is answered as
 * Alertmanager does: a JSON text.
 */
export async function answerSuppressions(
  request: IncomingMessage,
  url: URL,
  ports: SuppressionApiPorts,
): Promise<ApiAnswer> {
  const changes = request.method === 'POST' || request.method === 'DELETE';
  const fault = changes ? crossSiteFault(request, ports.ownOrigins()) : undefined;
  if (fault !== undefined) return { status: fault.status, body: fault.message };
  const suppressions = ports.suppressions();
  if (suppressions === undefined) return { status: 503, body: 'the store is not there yet' };
  try {
    return await answer(request, url, suppressions, ports);
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, body: faultsOf(error) };
    const status = error instanceof DriftdError && error.code === 'input' ? 400 : 503;
    return { status, body: messageOf(error) };
  }
}

async function answer(
  request: IncomingMessage,
  url: URL,
  suppressions: Suppressions,
  { clock, onChange }: SuppressionApiPorts,
): Promise<ApiAnswer> {
  const [collection = '', id, ...more] = url.pathname.slice(BASE.length).split('/');
  const { method = '' } = request;
  const now = clock.now();
  switch (more.length > 0 ? '' : `${method} ${collection}${id === undefined ? '' : '/id'}`) {
    case 'GET silences': {
      await suppressions.refresh();
      const filters = url.searchParams.getAll('filter').map(filterOf);
      const found = suppressions.silences.filter((silence) => fitsFilters(silence, filters));
      return ok(inOrder(found, now).map((silence) => silenceJson(silence, now)));
    }
    case 'POST silences': {
      const { id: changed, ...wanted } = silenceBody.parse(await jsonOf(request));
      const silence = await suppressions.silence(wanted, changed === '' ? undefined : changed);
      onChange('silence', { ...silenceJson(silence, now) });
      return ok({ silenceID: silence.id });
    }
    case 'GET silence/id': {
      await suppressions.refresh();
      const silence = suppressions.silences.find((candidate) => candidate.id === id);
      return silence === undefined ? notThere('silence', id) : ok(silenceJson(silence, now));
    }
    case 'DELETE silence/id': {
      if (!(await suppressions.expire(id ?? ''))) return notThere('silence', id);
      onChange('silence expired', { id });
      return ok({});
    }
    case 'GET acknowledgements':
      await suppressions.refresh();
      return ok(suppressions.acknowledgements.map(acknowledgementJson));
    case 'POST acknowledgements': {
      const { fingerprint, ...wanted } = acknowledgementBody.parse(await jsonOf(request));
      const acknowledgement = await suppressions.acknowledge({ ...wanted, fingerprint });
      onChange('acknowledgement', { ...acknowledgementJson(acknowledgement) });
      return ok({ acknowledgementID: acknowledgement.id });
    }
    case 'DELETE acknowledgement/id': {
      if (!(await suppressions.withdraw(id ?? ''))) return notThere('acknowledgement', id);
      onChange('acknowledgement taken back', { id });
      return ok({});
    }
    default:
      return wrongMethod(more.length > 0 ? '' : collection, id);
  }
}

const METHODS: Readonly<Record<string, string>> = {
  silences: 'GET, POST',
  'silence/id': 'GET, DELETE',
  acknowledgements: 'GET, POST',
  'acknowledgement/id': 'DELETE',
};

function wrongMethod(collection: string, id: string | undefined): ApiAnswer {
  const allow = METHODS[id === undefined ? collection : `${collection}/id`];
  if (allow === undefined)
    return { status: 404, body: 'not found; try /api/v1/silences or /api/v1/acknowledgements' };
  return { status: 405, body: `only ${allow} are answered here`, allow };
}

function ok(body: unknown): ApiAnswer {
  return { status: 200, body };
}

function notThere(what: string, id: string | undefined): ApiAnswer {
  return { status: 404, body: `there is no ${what} ${id}` };
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, MOST_BYTES);
  if (body === undefined) throw new DriftdError('input', `the body is longer than ${MOST_BYTES} bytes`);
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new DriftdError('input', `the body is not JSON: ${messageOf(error)}`, { cause: error });
  }
}

function filterOf(text: string): Matcher {
  const matcher = parseMatcher(text);
  if (matcher === undefined) throw new DriftdError('input', `filter: must be ${MATCHER_FORM}`);
  return matcher;
}

/** As Alertmanager reads filters: they look at what the silence's own matchers say of a label. */
function fitsFilters({ matchers }: Silence, filters: readonly Matcher[]): boolean {
  const said = Object.fromEntries(matchers.map(({ label, value }) => [label, value]));
  return filters.every((filter) => filter.matches(said));
}

const ORDER = ['active', 'pending', 'expired'];

/** What holds comes first, and of that what ends first. */
function inOrder(silences: readonly Silence[], now: number): Silence[] {
  const rank = (silence: Silence): number => ORDER.indexOf(silenceState(silence, now));
  return [...silences].sort((a, b) => rank(a) - rank(b) || a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1));
}
