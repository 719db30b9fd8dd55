import type { IncomingMessage } from 'node:http';

/**
 * Why a request that changes something is refused, or undefined when it is not. The port has no login, and whoever uses a
 * browser beside driftd visits other sites with it: those must not be able to send such requests through it.
 *
 * A browser names the origin of a page with every such request, and asks first when the body is JSON, to which driftd never
 * agrees. Programs name no origin.
 *
 * @param own the origins at which people reach this server. A name that leads here is not enough (DNS rebinding).
 */
export function crossSiteFault(
  request: Pick<IncomingMessage, 'method' | 'headers'>,
  own: readonly string[],
): { readonly status: 403 | 415; readonly message: string } | undefined {
  const { origin, 'sec-fetch-site': site, 'content-type': type = '' } = request.headers;
  if (origin !== undefined && !own.includes(origin)) {
    const message = `requests from pages of ${origin} are refused; if people reach driftd there, set http.external_url`;
    return { status: 403, message };
  }
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    return { status: 403, message: 'requests from other sites are refused' };
  }
  if (request.method === 'POST' && !/^application\/json\s*(;|$)/i.test(type)) {
    return { status: 415, message: 'send JSON, and say so: Content-Type: application/json' };
  }
  return undefined;
}

/** The origins of a server on this port, as browsers name them. */
export function originsOf(port: number, externalUrl: string | undefined): string[] {
  const local = ['127.0.0.1', 'localhost', '[::1]'].map((host) => `http://${host}:${port}`);
  return externalUrl === undefined ? local : [...local, new URL(externalUrl).origin];
}
