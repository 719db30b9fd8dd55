import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Exchange } from './exchange.ts';

export interface ScramCredentials {
  readonly username: string;
  readonly password: string;
}

const DIGESTS = {
  'SCRAM-SHA-256': { hash: 'sha256', length: 32 },
  'SCRAM-SHA-512': { hash: 'sha512', length: 64 },
} as const;

export type ScramMechanism = keyof typeof DIGESTS;

/** RFC 5802 asks for the lower bound; the upper one keeps a false broker from keeping us busy for minutes. */
const ITERATIONS = { least: 4_096, most: 1_000_000 };

/** No channel binding, no authorization identity. */
const GS2_HEADER = 'n,,';

const derive = promisify(pbkdf2);

/**
 * SCRAM (RFC 5802, RFC 7677): proves that we know the password without sending it, and that the broker knows it, too.
 *
 * @returns false when the other side is not who knows the password: what it sent does not fit.
 */
export async function scram(
  exchange: Exchange,
  mechanism: ScramMechanism,
  { username, password }: ScramCredentials,
  nonce: string,
): Promise<boolean> {
  const { hash, length } = DIGESTS[mechanism];
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();

  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const clientFirst = `n=${name},r=${nonce}`;
  const serverFirst = await exchange(GS2_HEADER + clientFirst);
  const { r: bothNonces = '', s: salt = '', i: count = '' } = attributesOf(serverFirst);
  const iterations = Number(count);
  if (!bothNonces.startsWith(nonce) || bothNonces === nonce || salt === '') return false;
  if (!(iterations >= ITERATIONS.least && iterations <= ITERATIONS.most)) return false;

  const salted = await derive(password, Buffer.from(salt, 'base64'), iterations, length, hash);
  const clientFinal = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${bothNonces}`;
  const transcript = `${clientFirst},${serverFirst},${clientFinal}`;
  const clientKey = hmac(salted, 'Client Key');
  const signature = hmac(createHash(hash).update(clientKey).digest(), transcript);
  const proof = clientKey.map((byte, index) => byte ^ (signature[index] as number));
  const serverFinal = await exchange(`${clientFinal},p=${Buffer.from(proof).toString('base64')}`);

  const told = Buffer.from(attributesOf(serverFinal)['v'] ?? '', 'base64');
  const expected = hmac(hmac(salted, 'Server Key'), transcript);
  return told.length === expected.length && timingSafeEqual(told, expected);
}

function attributesOf(message: string): Record<string, string | undefined> {
  return Object.fromEntries(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}
