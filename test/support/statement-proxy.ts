import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Called with the name of the table before an insert is passed on, and after its answer has come. */
export type OnInsert = (table: string, stage: 'before' | 'after') => Promise<'pass' | 'drop'>;

/** Stands in front of a ClickHouse HTTP interface and knows the inserts that pass: between the two is where a process may die. */
export interface StatementProxy {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startStatementProxy(target: string, onInsert: OnInsert): Promise<StatementProxy> {
  const server = createServer((incoming, response) => {
    pass(target, onInsert, incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function pass(
  target: string,
  onInsert: OnInsert,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(incoming);
  const url = new URL(incoming.url ?? '/', target);
  const table = /INSERT INTO \w+\.(\w+)/.exec(url.searchParams.get('query') ?? '')?.[1];
  if (table !== undefined && (await onInsert(table, 'before')) === 'drop') {
    response.destroy();
    return;
  }
  const { method = 'GET', headers } = incoming;
  const outgoing = request(url, { method, headers });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const content = await buffer(answer);
  if (table !== undefined && (await onInsert(table, 'after')) === 'drop') {
    response.destroy();
    return;
  }
  response.writeHead(answer.statusCode ?? 500, answer.headers);
  response.end(content);
}
