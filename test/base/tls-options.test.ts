import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tlsConnectionOptions, tlsSchema } from '../../src/base/tls-options.ts';
import { createAuthority } from '../support/certificates.ts';

const authority = createAuthority();
const { cert, key } = authority.issue('driftd');
const encrypted = createPrivateKey(key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
  .toString();

function faults(written: object): string[] {
  const { error } = tlsSchema.safeParse(written);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('tlsSchema', () => {
  it.each([
    {},
    { ca: authority.cert },
    { ca: `# ours\n${authority.cert}\n${createAuthority().cert}` },
    { cert, key },
    { cert: cert + authority.cert, key },
    { cert, key: encrypted, key_passphrase: 'open sesame' },
    { server_name: 'kafka', insecure_skip_verify: true },
  ])('takes options that fit together', (written) => {
    expect(faults(written)).toEqual([]);
  });

  it.each([
    ['no PEM', { ca: 'secret' }, 'ca: must hold certificates in PEM form'],
    ['a key instead of a certificate', { ca: key }, 'ca: must hold certificates in PEM form'],
    ['a broken certificate', { ca: authority.cert.replace(/M/g, 'N') }, 'ca: must hold certificates'],
    ['a certificate without its key', { cert }, 'cert: needs its private key as well'],
    ['a key without its certificate', { key }, 'key: needs its certificate as well'],
    ['the key of another certificate', { cert, key: authority.key }, 'key: is not the private key of the'],
    ['an encrypted key without its passphrase', { cert, key: encrypted }, 'key: must be a private key'],
    ['a wrong passphrase', { cert, key: encrypted, key_passphrase: 'x' }, 'key: must be a private key'],
    ['a certificate instead of a key', { cert, key: cert }, 'key: must be a private key'],
  ])('refuses %s, and repeats nothing of it', (_, written, message) => {
    const told = faults(written);
    expect(told).toEqual([expect.stringContaining(message)]);
    expect(told.join()).not.toMatch(/BEGIN (?!CERTIFICATE)|secret|MII|open sesame/);
  });
});

describe('tlsConnectionOptions', () => {
  it('says it in the words of node:tls', () => {
    const options = tlsSchema.parse({ ca: authority.cert, cert, key, server_name: 'kafka' });
    expect(tlsConnectionOptions(options)).toEqual({
      ca: authority.cert,
      cert,
      key,
      servername: 'kafka',
      rejectUnauthorized: true,
    });
  });

  it('leaves to Node what is not said', () => {
    expect(tlsConnectionOptions(tlsSchema.parse({}))).toEqual({ rejectUnauthorized: true });
  });
});
