import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { DriftdError, messageOf } from '../base/errors.ts';
import type { WeakestQuery } from '../pipeline/weakest-segments.ts';
import { crossSiteFault } from './cross-site.ts';
import { type NotificationQuery, notificationQuery } from './notification-query.ts';
import { answerRetrains, isRetrainPath, type RetrainApiPorts } from './retrain-api.ts';
import { answerSuppressions, isSuppressionPath, type SuppressionApiPorts } from './suppression-api.ts';
import { weakestQuery } from './weakest-query.ts';

/** Whether driftd can do its work, and where it cannot, why. */
interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string>>;
}

export interface HttpPorts {
  readonly registry: Registry;
  readonly readiness: () => Readiness;
  /** What GET /api/v1/alerts answers. */
  readonly alerts: () => unknown;
  /** What GET /api/v1/alerts/groups answers: what was decided about each group, and why. */
  readonly groups: () => unknown;
  /** What GET /api/v1/status answers; the page shows the same. */
  readonly status: () => unknown;
  /** What GET /api/v1/notifications answers. */
  readonly notifications: (query: NotificationQuery) => Promise<unknown>;
  /** What GET /api/v1/error-streams answers: what change detectors know of each model. */
  readonly errorStreams: () => Promise<unknown>;
  /** What GET /api/v1/segments/weakest answers. */
  readonly weakestSegments: (query: WeakestQuery) => Promise<object | { readonly fault: string }>;
  readonly page: () => Promise<string>;
  readonly suppression: SuppressionApiPorts;
  readonly retrain: RetrainApiPorts;
  /** What POST /-/reload does; undefined when that is not enabled. */
  readonly reload:
    | (() => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>)
    | undefined;
}

export interface HttpServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves health, metrics, the API and the page. Nothing but silences, acknowledgements and requests for new models can be changed here. */
export async function startHttp(
  address: { host: string; port: number },
  ports: HttpPorts,
): Promise<HttpServer> {
  const server = createServer((request, response) => {
    answer(request, response, ports).catch((error: unknown) => {
      const isAway = error instanceof DriftdError && error.code === 'environment';
      send(response, isAway ? 503 : 500, 'text/plain; charset=utf-8', `${messageOf(error)}\n`);
    });
  });
  // A scraper that hangs must not hold a slot for ever.
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new DriftdError('environment', `cannot listen on ${address.host}:${address.port}: ${error.message}`, {
          cause: error,
        }),
      );
    });
    server.listen(address.port, address.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, ports: HttpPorts): Promise<void> {
  const url = new URL(`http://driftd${request.url?.startsWith('/') ? request.url : '/'}`);
  const api = isSuppressionPath(url.pathname)
    ? answerSuppressions(request, url, ports.suppression)
    : isRetrainPath(url.pathname)
      ? answerRetrains(request, url, ports.retrain)
      : undefined;
  if (api !== undefined) {
    const { status, body, allow } = await api;
    if (allow !== undefined) response.setHeader('Allow', allow);
    return send(response, status, 'application/json', JSON.stringify(body));
  }
  if (url.pathname === '/-/reload') return reload(request, response, ports);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    send(response, 405, 'text/plain; charset=utf-8', 'only GET and HEAD are answered here\n');
    return;
  }
  switch (url.pathname) {
    case '/':
      return send(response, 200, 'text/html; charset=utf-8', await ports.page());
    case '/livez':
      return send(response, 200, 'text/plain; charset=utf-8', 'ok\n');
    case '/readyz': {
      const { ready, checks } = ports.readiness();
      const lines = Object.entries(checks).map(([name, detail]) => `${name}: ${detail}\n`);
      return send(response, ready ? 200 : 503, 'text/plain; charset=utf-8', lines.join(''));
    }
    case '/metrics':
      return send(response, 200, ports.registry.contentType, await ports.registry.metrics());
    case '/api/v1/alerts':
      return send(response, 200, 'application/json', JSON.stringify(ports.alerts()));
    case '/api/v1/alerts/groups':
      return send(response, 200, 'application/json', JSON.stringify(ports.groups()));
    case '/api/v1/status':
      return send(response, 200, 'application/json', JSON.stringify(ports.status()));
    case '/api/v1/notifications': {
      const wanted = notificationQuery(url.searchParams);
      if ('fault' in wanted) return send(response, 400, 'text/plain; charset=utf-8', `${wanted.fault}\n`);
      return send(response, 200, 'application/json', JSON.stringify(await ports.notifications(wanted)));
    }
    case '/api/v1/segments/weakest': {
      const wanted = weakestQuery(url.searchParams);
      const found = 'fault' in wanted ? wanted : await ports.weakestSegments(wanted);
      const [status, body] = 'fault' in found ? [400, found.fault] : [200, found];
      return send(response, status, 'application/json', JSON.stringify(body));
    }
    case '/api/v1/error-streams':
      return send(response, 200, 'application/json', JSON.stringify(await ports.errorStreams()));
    default:
      send(
        response,
        404,
        'text/plain; charset=utf-8',
        'not found; try /, /livez, /readyz, /metrics, /api/v1/alerts, /api/v1/notifications, /api/v1/retrains\n',
      );
  }
}

/** As in Prometheus: 403 while it is not enabled, 500 with the reason when the new files are wrong. */
async function reload(request: IncomingMessage, response: ServerResponse, ports: HttpPorts): Promise<void> {
  const type = 'text/plain; charset=utf-8';
  if (request.method !== 'POST' && request.method !== 'PUT') {
    response.setHeader('Allow', 'POST, PUT');
    return send(response, 405, type, 'only POST and PUT are answered here\n');
  }
  const fault = crossSiteFault(request, ports.suppression.ownOrigins());
  // Nothing is sent along that would have to be JSON.
  if (fault?.status === 403) return send(response, 403, type, `${fault.message}\n`);
  if (ports.reload === undefined)
    return send(response, 403, type, 'not enabled; set http.enable_lifecycle: true\n');
  const result = await ports.reload();
  if (result.ok) send(response, 200, type, 'reloaded\n');
  else send(response, 500, type, `not reloaded: ${result.reason}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
  });
  response.end(response.req.method === 'HEAD' ? '' : body);
}
