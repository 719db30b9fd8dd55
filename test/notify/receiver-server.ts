import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (response: ServerResponse) => void;

export interface ReceiverServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
}

/** What is answered to requests besides those that a test is about, such as a login; undefined to the others. */
export type Aside = (request: ReceivedRequest) => Answer | undefined;

/** A real HTTP server that gives the answers in turn, and the last one for ever. Closed when the test ends. */
export function startReceiver(...answers: Answer[]): Promise<ReceiverServer> {
  return startReceiverBeside(() => undefined, ...answers);
}

/** The same for a receiver that is asked something else, too: what was asked aside is neither counted nor shown. */
export async function startReceiverBeside(aside: Aside, ...answers: Answer[]): Promise<ReceiverServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const received: ReceivedRequest = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      const beside = aside(received);
      if (beside !== undefined) return beside(response);
      const answer = answers[Math.min(requests.length, answers.length - 1)];
      requests.push(received);
      answer?.(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** An address at which nobody listens: the system just gave it out, and it was given back. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export function answers(status: number, body = '', headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** Takes the request and says nothing. */
export const silence: Answer = () => undefined;

/** Begins a good answer and never ends it. */
export const halfAnAnswer: Answer = (response) => {
  response.writeHead(200).write('o');
};

/** Closes the connection instead of answering. */
export const hangUp: Answer = (response) => {
  response.destroy();
};
