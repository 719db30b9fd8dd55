import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { poll } from './poll.ts';

export interface RecordedRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The bytes as they came, for signatures. */
  readonly body: Buffer;
  /** When the body had arrived, milliseconds since the epoch. */
  readonly at: number;
}

/** `hang` keeps the connection open and says nothing; `close` ends it without an answer. */
export type SinkAnswer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly delayMs?: number;
    }
  | 'hang'
  | 'close';

/** A local HTTP server that writes down what it is sent, in order, and answers as it is told. */
export interface HttpSink {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly RecordedRequest[];
  /** Answers for the next requests, one each; after them the standing answer applies again. */
  answerNext(...answers: SinkAnswer[]): void;
  /** The standing answer; 200 `ok`, as Slack says it, until this is called. */
  answerAlways(answer: SinkAnswer | ((request: RecordedRequest) => SinkAnswer)): void;
  /** The first request that fits, one that has already come included. Rejects after `timeoutMs`. */
  waitFor(fits: (request: RecordedRequest) => boolean, timeoutMs: number): Promise<RecordedRequest>;
  stop(): Promise<void>;
}

/** Starts the server on 127.0.0.1, on any free port unless one is given. */
export async function startHttpSink(options: { readonly port?: number } = {}): Promise<HttpSink> {
  const requests: RecordedRequest[] = [];
  const next: SinkAnswer[] = [];
  let standing: (request: RecordedRequest) => SinkAnswer = () => ({});
  const server = createServer(async (incoming, response) => {
    let body: Buffer;
    try {
      body = await buffer(incoming);
    } catch {
      return; // The sender went away in the middle of its request.
    }
    const { method = '', url = '', headers } = incoming;
    const request = { method, path: url, headers, body, at: Date.now() };
    requests.push(request);
    await send(response, next.shift() ?? standing(request));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    answerNext: (...answers) => {
      next.push(...answers);
    },
    answerAlways: (answer) => {
      standing = typeof answer === 'function' ? answer : () => answer;
    },
    waitFor: (fits, timeoutMs) =>
      poll(() => requests.find(fits), { timeoutMs, what: `such request among ${requests.length}` }),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function send(response: ServerResponse, answer: SinkAnswer): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'close') {
    response.destroy();
    return;
  }
  if (answer.delayMs !== undefined) await sleep(answer.delayMs);
  response.writeHead(answer.status ?? 200, answer.headers);
  response.end(answer.body ?? 'ok');
}
