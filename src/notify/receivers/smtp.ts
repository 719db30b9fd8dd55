import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import { formatDuration } from '../../base/duration.ts';
import { type TlsOptions, tlsConnectionOptions } from '../../base/tls-options.ts';
import { failureText } from '../http-post.ts';
import type { SendPorts } from '../integration.ts';
import type { SendOutcome } from '../send-outcome.ts';

/** How much of one answer is read. */
const ANSWER_LIMIT = 64 * 1024;

/** So that nobody's machine answers that its owner is on holiday. */
const HEADERS = { 'Auto-Submitted': 'auto-generated' };

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** The name that driftd gives itself. */
  readonly hello: string;
  /** Undefined for a connection that nobody encrypts. */
  readonly tls: TlsOptions | undefined;
  /** Whether TLS begins with the connection. */
  readonly implicitTls: boolean;
  readonly login: { readonly user: string; readonly pass: string } | undefined;
}

export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly references: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Makes a function that brings one letter to a mail server, over a connection of its own. 4xx is tried again, 5xx is not. */
export function smtpSend(
  server: MailServer,
  { dial, timeout }: Pick<SendPorts, 'dial' | 'timeout'>,
): (letter: Letter, signal: AbortSignal) => Promise<SendOutcome> {
  return async (letter, signal) => {
    const deadline = AbortSignal.timeout(timeout);
    const over = AbortSignal.any([deadline, signal]);
    let socket: Socket | undefined;
    try {
      const connection = dial(server.host, server.port);
      socket = connection;
      await once(connection, 'connect', { signal: over });
      const transport = createTransport({
        ...optionsFor(server),
        getSocket: (_, callback) => callback(null, { connection }),
      });
      const { accepted, rejected } = await transport.sendMail({ ...letter, headers: HEADERS, signal: over });
      return { kind: 'sent', answer: `answered 250${recipientsText(accepted.length, rejected.length)}` };
    } catch (error) {
      socket?.on('error', () => undefined).destroy();
      if (deadline.aborted) return { kind: 'retry', reason: `no answer within ${formatDuration(timeout)}` };
      return outcomeOfFailure(error);
    }
  };
}

function optionsFor({ host, port, hello, tls, implicitTls, login }: MailServer) {
  return {
    host,
    port,
    name: hello,
    secure: implicitTls,
    requireTLS: tls !== undefined && !implicitTls,
    ignoreTLS: tls === undefined,
    ...(tls !== undefined && { tls: tlsConnectionOptions(tls) }),
    ...(login !== undefined && { auth: login, forceAuth: true }),
    maxResponseSize: ANSWER_LIMIT,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** Of an error that nodemailer gives, only the numbers are told: its text may hold addresses. */
function outcomeOfFailure(error: unknown): SendOutcome {
  const { responseCode, code, originalCode } = Object(error) as Readonly<Record<string, unknown>>;
  // Somebody in between may have taken STARTTLS away; the letter waits for a better moment.
  if (code === 'ETLS') return { kind: 'retry', reason: 'no encrypted connection came about' };
  if (typeof responseCode !== 'number')
    return { kind: 'retry', reason: failureText({ code: originalCode ?? code }) };
  const reason = `answered ${responseCode}${code === 'EAUTH' ? ' to the login' : ''}`;
  return { kind: responseCode >= 500 ? 'refused' : 'retry', reason };
}

/** The letter counts as sent when one of several addresses takes it: who has it should not get it again. */
function recipientsText(accepted: number, rejected: number): string {
  return rejected === 0 ? '' : `; ${rejected} of ${accepted + rejected} addresses refused`;
}
