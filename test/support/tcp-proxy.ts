import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

/**
 * - `pass`: as if the proxy were not there.
 * - `refuse`: nobody listens; open connections are cut.
 * - `hang`: connections are accepted and bytes wait, in both directions, until the mode changes.
 * - `drop-answers`: requests get through, answers vanish: the case where the other side did it and we do not know.
 * - `cut-answers`: the same, and the connection is cut at once instead of staying silent.
 */
export type ProxyMode = 'pass' | 'refuse' | 'hang' | 'drop-answers' | 'cut-answers';

/** Stands in front of a port on 127.0.0.1 and spoils the connection on demand. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes of answers lost so far. */
  readonly swallowed: number;
  /** Applies to connections that are open as well as to new ones. */
  setMode(mode: ProxyMode): Promise<void>;
  stop(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  lostAnswer: boolean;
}

/** Starts in mode `pass`. `targetPort` need not be open yet. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const port = await freePort();
  const links = new Set<Link>();
  let mode: ProxyMode = 'pass';
  let swallowed = 0;
  let server: Server | undefined;

  const accept = (client: Socket): void => {
    const upstream = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const link: Link = { client, upstream, lostAnswer: false };
    links.add(link);
    forward(client, upstream, () => true);
    forward(upstream, client, (bytes) => {
      if (mode !== 'drop-answers' && mode !== 'cut-answers') return true;
      link.lostAnswer = true;
      swallowed += bytes.length;
      if (mode === 'cut-answers') cut(link);
      return false;
    });
    client.once('close', () => links.delete(link));
    if (mode === 'hang') pause(link);
  };
  const forward = (from: Socket, to: Socket, wanted: (bytes: Buffer) => boolean): void => {
    from.on('data', (bytes: Buffer) => {
      if (wanted(bytes) && !to.write(bytes)) from.pause();
    });
    to.on('drain', () => {
      if (mode !== 'hang') from.resume();
    });
    from.once('end', () => to.end());
    from.once('error', () => to.destroy());
    // After a clean close the last bytes may still be on their way to the other side.
    from.once('close', (failed) => (failed ? to.destroy() : to.end()));
  };
  const listen = async (): Promise<void> => {
    if (server !== undefined) return;
    server = createServer({ allowHalfOpen: true }, accept).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const shut = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    for (const link of links) cut(link);
    if (closing !== undefined) await new Promise((resolve) => closing.close(resolve));
  };

  await listen();
  return {
    port,
    get swallowed() {
      return swallowed;
    },
    setMode: async (wanted) => {
      mode = wanted;
      if (wanted === 'refuse') return shut();
      for (const link of links) {
        // A client whose answer was lost would take the next answer for it.
        if (link.lostAnswer && wanted !== 'drop-answers') cut(link);
        else if (wanted === 'hang') pause(link);
        else resume(link);
      }
      await listen();
    },
    stop: shut,
  };
}

function pause({ client, upstream }: Link): void {
  client.pause();
  upstream.pause();
}

function resume({ client, upstream }: Link): void {
  client.resume();
  upstream.resume();
}

function cut({ client, upstream }: Link): void {
  client.destroy();
  upstream.destroy();
}
