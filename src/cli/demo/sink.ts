import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DriftdError, messageOf } from '../../base/errors.ts';
import { signingKey } from '../../notify/sign.ts';
import { hasValidSignature } from '../../notify/verify-signature.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface SinkRequest {
  readonly path: '/slack' | '/retrain';
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Whether the signature is right; undefined where none is expected (/slack, or a sink without a secret). */
  readonly signed: boolean | undefined;
}

export interface SinkOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** The secret that retraining requests must be signed with; `whsec_` and base64, or plain text. */
  readonly secret?: string;
  readonly onRequest: (request: SinkRequest) => void;
}

export interface Sink {
  readonly url: string;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/**
 * A local HTTP server that plays Slack (`POST /slack` is answered 200 `ok`) and a retraining target (`POST /retrain` is
 * answered 202, or 401 when the signature is wrong). Each of these requests is handed over, refused ones included.
 */
export async function startSink(options: SinkOptions): Promise<Sink> {
  const key = options.secret === undefined ? undefined : signingKey(options.secret);
  if (options.secret !== undefined && key === undefined) {
    throw new DriftdError('input', 'the webhook secret must have base64 behind "whsec_"');
  }
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== '/slack' && path !== '/retrain') return answer(response, 404, 'not found');
    if (request.method !== 'POST') return answer(response, 405, 'use POST');
    takeBody(request, response, (body) => {
      const signed =
        path === '/slack' || key === undefined ? undefined : hasValidSignature(request.headers, body, key);
      options.onRequest({ path, headers: request.headers, body: body.toString('utf8'), signed });
      if (signed === false) answer(response, 401, 'wrong signature');
      else if (path === '/slack') answer(response, 200, 'ok');
      else answer(response, 202, 'accepted');
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const where = `${options.host}:${options.port}`;
      reject(
        new DriftdError('environment', `cannot listen on ${where}: ${messageOf(error)}`, { cause: error }),
      );
    });
    server.listen(options.port, options.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function takeBody(request: IncomingMessage, response: ServerResponse, take: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
    else if (!response.headersSent) {
      chunks.length = 0;
      answer(response.setHeader('connection', 'close'), 413, `more than ${MAX_BODY_BYTES} bytes`);
    }
  });
  request.on('end', () => {
    if (!response.headersSent) take(Buffer.concat(chunks));
  });
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}
