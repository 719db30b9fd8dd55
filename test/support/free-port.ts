import { createServer } from 'node:net';

/** Below the range from which Linux and macOS take the local ports of outgoing connections. */
const FIRST = 20_000;
const COUNT = 12_000;

/**
 * A TCP port on 127.0.0.1 that nobody listens on and that no outgoing connection will take by chance. So a server can
 * be stopped and started again on it, and a client that keeps knocking meanwhile cannot connect to itself.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port on 127.0.0.1 between ${FIRST} and ${FIRST + COUNT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
