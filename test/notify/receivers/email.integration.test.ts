import { describe, expect, it } from 'vitest';
import type { NotifyOptions } from '../../../src/notify/receiver-options.ts';
import { alertOf, DAY, notificationOf, optionsOf, retrainOf } from '../examples.ts';
import { deadAddress } from '../receiver-server.ts';
import { deliver, sendOnce } from '../through-outbox.ts';
import { AUTHORITY, type ReceivedMail, startMailServer, startStranger } from './mail-server.ts';

const PASSWORD = 'p4ssw0rd-of-the-mail-server';
const NOTIFICATION = notificationOf({ receiver: 'team/email/0' });

function mailTo(port: number, more: object = {}): NotifyOptions {
  const config = {
    to: 'ml@example.com',
    from: 'driftd <driftd@example.com>',
    smarthost: `localhost:${port}`,
    tls_config: { ca: AUTHORITY.cert },
    ...more,
  };
  return optionsOf({ receivers: [{ name: 'team', rate_limit: '1000/1s', email_configs: [config] }] });
}

const LOGIN = { auth_username: 'driftd', auth_password: PASSWORD };

function header({ source }: ReceivedMail, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, 'im').exec(source)?.[1]?.trim();
}

function expectNoSecret(recorded: string): void {
  for (const secret of [PASSWORD, 'secret.example', 'localhost', 'ml@example.com'])
    expect(recorded).not.toContain(secret);
}

describe('email', () => {
  it('writes one letter as text and as HTML, over STARTTLS, logged in', async () => {
    const server = await startMailServer({ password: PASSWORD });
    const alerts = [
      alertOf({
        annotations: { summary: 'amount <b>drifted</b>' },
        distributions: { kind: 'numeric', labels: ['a', 'b'], reference: [0.9, 0.1], current: [0.1, 0.9] },
      }),
    ];
    const { row, recorded } = await deliver(mailTo(server.port, LOGIN), { ...NOTIFICATION, alerts });
    expect(row).toMatchObject({ status: 'sent', attempts: 1 });
    expect(server.mails).toHaveLength(1);
    const [mail] = server.mails as [ReceivedMail];
    expect(mail).toMatchObject({
      from: 'driftd@example.com',
      to: ['ml@example.com'],
      user: 'driftd',
      secure: true,
    });
    expect(header(mail, 'Subject')).toBe('[FIRING] fraud, version 7: 1 alert firing');
    expect(header(mail, 'Message-ID')).toBe(`<${NOTIFICATION.id}@example.com>`);
    expect(header(mail, 'Auto-Submitted')).toBe('auto-generated');
    expect(mail.source).toContain('multipart/alternative');
    const parts = decoded(mail);
    expect(parts).toContain('  amount <b>drifted</b>\n');
    expect(parts).toContain('amount &lt;b&gt;drifted&lt;/b&gt;');
    expect(parts.match(/reference █▁\n\s*now {7}▁█/g)).toHaveLength(2);
    expectNoSecret(recorded);
  });

  it('makes one thread of all letters about one group', async () => {
    const server = await startMailServer();
    const resolved = { id: 'later', status: 'resolved', alerts: [alertOf({ status: 'resolved' })] } as const;
    await deliver(mailTo(server.port), NOTIFICATION);
    await deliver(mailTo(server.port), { ...NOTIFICATION, ...resolved });
    await deliver(mailTo(server.port), { ...NOTIFICATION, id: 'other', groupLabels: { model: 'churn' } });
    const threads = server.mails.map((mail) => header(mail, 'References'));
    expect(threads[0]).toMatch(/^<group-\w{32}@example\.com>$/);
    expect(threads[1]).toBe(threads[0]);
    expect(threads[2]).not.toBe(threads[0]);
    expect(server.mails.map((mail) => header(mail, 'Subject'))).toEqual([
      '[FIRING] fraud, version 7: 1 alert firing',
      '[RESOLVED] fraud, version 7: 1 alert resolved',
      '[FIRING] churn: 1 alert firing',
    ]);
  });

  it('tries again after failures that pass, with the same Message-ID', async () => {
    const server = await startMailServer({ statuses: [450, 421, 452] });
    const { row, waits, recorded } = await deliver(mailTo(server.port), NOTIFICATION);
    expect(row).toMatchObject({ status: 'sent', attempts: 4, lastError: '' });
    expect(waits).toEqual([1_000, 2_000, 4_000]);
    expect(header(server.mails[0] as ReceivedMail, 'Message-ID')).toContain(NOTIFICATION.id);
    expectNoSecret(recorded);
  });

  it.each([550, 551, 554])('gives up for good at %d, and goes nowhere else', async (status) => {
    const server = await startMailServer({ statuses: [status] });
    const { row, recorded } = await deliver(mailTo(server.port), NOTIFICATION);
    expect(row).toMatchObject({ status: 'dead', attempts: 1, lastError: `answered ${status}` });
    expect(server.connections()).toBe(1);
    expectNoSecret(recorded);
  });

  it('gives up for good when the recipient is not known', async () => {
    const server = await startMailServer({ unknown: ['ml@example.com'] });
    const { row, recorded } = await deliver(mailTo(server.port), NOTIFICATION);
    expect(row).toMatchObject({ status: 'dead', lastError: 'answered 550' });
    expectNoSecret(recorded);
  });

  it('is done when one of two recipients gets it, and says so', async () => {
    const server = await startMailServer({ unknown: ['gone@example.com'] });
    const options = mailTo(server.port, { to: 'ml@example.com, gone@example.com' });
    expect(await sendOnce(options, NOTIFICATION)).toEqual({
      kind: 'sent',
      answer: 'answered 250; 1 of 2 addresses refused',
    });
  });

  it('gives up for good when the password is wrong, and repeats neither it nor what the server says', async () => {
    const server = await startMailServer({ password: 'another' });
    const { row, recorded } = await deliver(mailTo(server.port, LOGIN), NOTIFICATION);
    expect(row).toMatchObject({ status: 'dead', lastError: 'answered 535 to the login' });
    expectNoSecret(recorded);
  });

  it('takes TLS from the start where it is asked to', async () => {
    const server = await startMailServer({ secure: true, password: PASSWORD });
    const options = mailTo(server.port, { ...LOGIN, force_implicit_tls: true });
    expect(await sendOnce(options, NOTIFICATION)).toMatchObject({ kind: 'sent' });
    expect(server.mails[0]).toMatchObject({ secure: true, user: 'driftd' });
  });

  it('sends nothing to a server without STARTTLS, or whose certificate nobody vouches for', async () => {
    const plain = await startMailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const reason = 'no encrypted connection came about';
    expect(await sendOnce(mailTo(plain.port), NOTIFICATION)).toEqual({ kind: 'retry', reason });
    const strange = await startMailServer();
    const unsigned = mailTo(strange.port, { tls_config: {} });
    expect(await sendOnce(unsigned, NOTIFICATION)).toEqual({
      kind: 'retry',
      reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    expect([...plain.mails, ...strange.mails]).toEqual([]);
  });

  it('does without TLS only where it is told to', async () => {
    const server = await startMailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const options = mailTo(server.port, { require_tls: false });
    expect(await sendOnce(options, NOTIFICATION)).toEqual({ kind: 'sent', answer: 'answered 250' });
    expect(server.mails[0]?.secure).toBe(false);
  });

  it.each([
    ['never greets', () => undefined],
    ['never ends its greeting', (socket: { write(text: string): void }) => socket.write('220-wait\r\n')],
  ])('does not wait for ever for a server that %s', async (_, speak) => {
    const port = await startStranger(speak);
    const outcome = await sendOnce(mailTo(port), NOTIFICATION, 100);
    expect(outcome).toEqual({ kind: 'retry', reason: 'no answer within 100ms' });
  });

  it.each([
    ['one endless line', 'x'.repeat(10_000)],
    ['endless lines', `220-${'x'.repeat(60)}\r\n`.repeat(100)],
  ])('hangs up on a server that answers with %s', async (_, piece) => {
    let hungUp = (): void => undefined;
    const closed = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const port = await startStranger((socket) => {
      const pour = (): void => {
        while (!socket.destroyed && socket.write(piece));
      };
      socket.on('drain', pour).on('close', hungUp);
      pour();
    });
    expect(await sendOnce(mailTo(port), NOTIFICATION)).toEqual({ kind: 'retry', reason: 'EPROTOCOL' });
    await closed;
  });

  it('tries again when the server hangs up', async () => {
    const port = await startStranger((socket) => socket.destroy());
    expect(await sendOnce(mailTo(port), NOTIFICATION)).toMatchObject({ kind: 'retry' });
  });

  it('tries for a day while nobody listens, and says why it gave up', async () => {
    const { port } = new URL(await deadAddress());
    const { row, waits, recorded } = await deliver(mailTo(Number(port)), NOTIFICATION);
    expect(row).toMatchObject({ status: 'dead', lastError: 'ECONNREFUSED' });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(DAY);
    expectNoSecret(recorded);
  });

  it('refuses a message that is not for it', async () => {
    const server = await startMailServer();
    expect(await sendOnce(mailTo(server.port), retrainOf())).toMatchObject({ kind: 'refused' });
    expect(server.connections()).toBe(0);
  });

  it('stops an attempt when it is told to', async () => {
    const port = await startStranger(() => undefined);
    const outcome = await sendOnce(mailTo(port), NOTIFICATION, undefined, AbortSignal.abort());
    expect(outcome.kind).toBe('retry');
  });
});

/** The text of all parts, whatever they were packed in. */
function decoded({ source }: ReceivedMail): string {
  return source
    .split(/\r\n--[^\r\n]*/)
    .map((part) => {
      const [head = '', ...rest] = part.split('\r\n\r\n');
      const body = rest.join('\r\n\r\n');
      if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
      if (/quoted-printable/i.test(head)) {
        const bytes = body
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
        return Buffer.from(bytes, 'latin1').toString('utf8');
      }
      return body;
    })
    .join('\n')
    .replaceAll('\r\n', '\n');
}
