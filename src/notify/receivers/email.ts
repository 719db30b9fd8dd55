import { z } from 'zod';
import { secret } from '../../base/file-option.ts';
import { tlsSchema } from '../../base/tls-options.ts';
import { groupKeyOf } from '../group-key.ts';
import { integration } from '../integration.ts';
import { digestOf } from '../message/digest.ts';
import { plainMessage } from '../message/plain-message.ts';
import type { AlertNotification } from '../notification.ts';
import { notificationId } from '../notification-id.ts';
import { sendResolved } from '../option-schemas.ts';
import { emailHtml } from './email-body.ts';
import { type Letter, smtpSend } from './smtp.ts';

const SMARTHOST = /^(.+):(\d{1,5})$/;

const address = z.string().regex(/^[^\r\n]*@[^\r\n]*$/, 'must be an e-mail address');

const options = z
  .strictObject({
    to: address.describe('Whom to write to; several addresses are separated by commas.'),
    from: address.describe('Address of the sender.'),
    smarthost: z
      .string()
      .regex(SMARTHOST, 'must be host:port, such as smtp.example.com:587')
      .describe('The mail server, as host:port.'),
    hello: z
      .string()
      .min(1)
      .default('localhost')
      .describe('The name that driftd gives itself to the server.'),
    auth_username: z.string().optional().describe('User to log in as.'),
    auth_password: secret(z.string()).optional().describe('Password of that user.'),
    require_tls: z
      .boolean()
      .default(true)
      .describe('Whether to insist on TLS, by STARTTLS or from the start. When false, nothing is encrypted.'),
    force_implicit_tls: z
      .boolean()
      .optional()
      .describe('Whether TLS begins with the connection instead of by STARTTLS. Default: true for port 465.'),
    tls_config: tlsSchema.prefault({}).describe('TLS with the mail server.'),
    send_resolved: sendResolved,
  })
  .refine(
    ({ auth_username: user, auth_password: password }) => (user === undefined) === (password === undefined),
    {
      path: ['auth_username'],
      message: 'auth_username and auth_password go together',
    },
  )
  .refine(({ auth_password: password, ...rest }) => password === undefined || rest.require_tls, {
    path: ['require_tls'],
    message: 'a password is not sent without TLS; leave require_tls at true',
  });

/** E-mail over SMTP, as text and as HTML. Messages about one group make one thread. */
export const email = integration({
  type: 'email',
  about: 'People to write to.',
  options,
  rate: { count: 5, per: 1_000 },
  connect: (config, ports) => {
    const [, host = '', port = ''] = SMARTHOST.exec(config.smarthost) ?? [];
    const send = smtpSend(
      {
        host: host.replace(/^\[|\]$/g, ''),
        port: Number(port),
        hello: config.hello,
        tls: config.require_tls ? config.tls_config : undefined,
        implicitTls: config.require_tls && (config.force_implicit_tls ?? Number(port) === 465),
        login:
          config.auth_username === undefined || config.auth_password === undefined
            ? undefined
            : { user: config.auth_username, pass: config.auth_password },
      },
      ports,
    );
    return (notification, signal) => send(letter(notification, config), signal);
  },
});

const PREFIX = { firing: 'FIRING', resolved: 'RESOLVED', note: 'RETRAINING' } as const;

function letter(notification: AlertNotification, { from, to }: { from: string; to: string }): Letter {
  const digest = digestOf(notification);
  const domain = /@([\w.-]+)/.exec(from)?.[1] ?? 'driftd';
  return {
    from,
    to,
    // The same over all retries, so that a mail program shows what came twice once.
    messageId: `<${notification.id}@${domain}>`,
    references: `<group-${notificationId(groupKeyOf(notification))}@${domain}>`,
    subject: `[${PREFIX[digest.tone]}] ${digest.subject}: ${digest.state}`,
    text: plainMessage(digest),
    html: emailHtml(digest),
  };
}
