import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { createAuthority } from '../../support/certificates.ts';

export const AUTHORITY = createAuthority();
const IDENTITY = AUTHORITY.issue('localhost', { names: ['localhost', '127.0.0.1'] });

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string;
  readonly secure: boolean;
  /** As it came: headers and parts. */
  readonly source: string;
}

export interface MailServer {
  readonly port: number;
  readonly mails: readonly ReceivedMail[];
  /** Also those that were turned away. */
  readonly connections: () => number;
}

/** The answers to the first letters: a status that turns one away, or 250. After them every letter is taken. */
export interface MailOptions extends SMTPServerOptions {
  readonly statuses?: readonly number[];
  /** Recipients that are not known here. */
  readonly unknown?: readonly string[];
  readonly password?: string;
}

/** A real SMTP server on 127.0.0.1 with a certificate of the test's own authority. Closed when the test ends. */
export async function startMailServer(options: MailOptions = {}): Promise<MailServer> {
  const server = await openMailServer(options);
  onTestFinished(server.stop);
  return server;
}

/** The same for a hook; whoever opens it stops it. */
export async function openMailServer({
  statuses = [],
  unknown = [],
  password,
  ...options
}: MailOptions): Promise<MailServer & { readonly stop: () => Promise<void> }> {
  const mails: ReceivedMail[] = [];
  let connections = 0;
  let letters = 0;
  const server = new SMTPServer({
    ...IDENTITY,
    authOptional: password === undefined,
    disabledCommands: password === undefined ? ['AUTH'] : [],
    onConnect: (_, callback) => {
      connections += 1;
      callback();
    },
    onAuth: (auth, _, callback) => {
      if (auth.password === password) callback(null, { user: auth.username ?? '' });
      else callback(failure(535, `no such user ${auth.username}, ${auth.password}`));
    },
    onRcptTo: ({ address }, _, callback) => {
      callback(unknown.includes(address) ? failure(550, `${address} is not known here`) : null);
    },
    onData: (stream, session, callback) => {
      void text(stream).then((source) => {
        const status = statuses[letters] ?? 250;
        letters += 1;
        if (status !== 250) return callback(failure(status, 'not now, user@secret.example'));
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          user: String(session.user ?? ''),
          secure: session.secure,
          source,
        });
        callback();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return {
    port: (listening.address() as AddressInfo).port,
    mails,
    connections: () => connections,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function failure(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}

/** A server that says what it likes. @returns its port. */
export async function startStranger(speak: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    speak(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
