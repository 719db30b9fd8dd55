import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';

export interface TlsTerminator {
  readonly port: number;
  stop(): Promise<void>;
}

/** Speaks TLS on 127.0.0.1 in front of a port that does not, as a load balancer would. */
export async function startTlsTerminator(targetPort: number, options: TlsOptions): Promise<TlsTerminator> {
  const server = createServer(options, (client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    client.pipe(upstream).pipe(client);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
  });
  // A client that breaks the handshake off is what some tests are about.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
