import { describe, expect, it } from 'vitest';
import { type ScramMechanism, scram } from '../../../../src/ingest/kafka/sasl/scram.ts';

const USER = { username: 'user', password: 'pencil' };
const NONCE = 'rOprNGfwEbeRWgbNEkqO';
const BOTH = `${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`;

// The example of RFC 7677, section 3.
const SERVER_FIRST = `r=${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`;
const SERVER_FINAL = 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=';

async function run(
  answers: readonly string[],
  options: { mechanism?: ScramMechanism; username?: string } = {},
): Promise<{ proven: boolean; sent: string[] }> {
  const sent: string[] = [];
  const exchange = async (message: string): Promise<string> => {
    sent.push(message);
    return answers[sent.length - 1] ?? '';
  };
  const { mechanism = 'SCRAM-SHA-256', username = USER.username } = options;
  return { proven: await scram(exchange, mechanism, { ...USER, username }, NONCE), sent };
}

describe('scram', () => {
  it('says what the example of RFC 7677 says, and believes that server', async () => {
    expect(await run([SERVER_FIRST, SERVER_FINAL])).toEqual({
      proven: true,
      sent: [`n,,n=user,r=${NONCE}`, `c=biws,r=${BOTH},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`],
    });
  });

  it('writes commas and equals signs in a name as RFC 5802 asks for', async () => {
    const { sent } = await run([SERVER_FIRST], { username: 'a,b=c' });
    expect(sent[0]).toBe(`n,,n=a=2Cb=3Dc,r=${NONCE}`);
  });

  it.each([
    ['does not know the password', SERVER_FIRST, 'v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='],
    ['proves nothing', SERVER_FIRST, ''],
    ['ends with an error', SERVER_FIRST, 'e=other-error'],
  ])('does not believe a server that %s', async (_, first, final) => {
    expect((await run([first, final])).proven).toBe(false);
  });

  it.each([
    ['answers to another nonce', `r=x${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
    ['adds nothing to the nonce', `r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
    ['has no salt', `r=${BOTH},s=,i=4096`],
    ['wants the password hashed too few times', `r=${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1`],
    ['wants to keep us busy', `r=${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000`],
    ['sends no number', `r=${BOTH},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=many`],
    ['sends nothing', ''],
  ])('sends no proof to a server that %s', async (_, first) => {
    expect(await run([first])).toMatchObject({ proven: false, sent: [expect.stringMatching(/^n,,/)] });
  });

  it('knows the longer digest, too', async () => {
    const { sent } = await run([SERVER_FIRST], { mechanism: 'SCRAM-SHA-512' });
    expect(Buffer.from(sent[1]?.split('p=')[1] ?? '', 'base64')).toHaveLength(64);
  });
});
