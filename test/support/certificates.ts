import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A certificate and its private key, in PEM form. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Identity {
  /** Signs a certificate. Without names it is one for a client. */
  issue(subject: string, options?: IssueOptions): Identity;
}

export interface IssueOptions {
  /** DNS names and IPv4 addresses. */
  readonly names?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const DAY = 86_400_000;

/**
 * An authority of the test's own, for certificates that real servers and clients accept or must refuse. It writes
 * X.509 (RFC 5280) itself, so that a machine needs no openssl for it.
 */
export function createAuthority(subject = 'driftd test authority'): Authority {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = certificate({
    subject,
    issuer: subject,
    key: pair.publicKey,
    signer: pair.privateKey,
    isAuthority: true,
  });
  return {
    cert,
    key: pem('PRIVATE KEY', pair.privateKey.export({ type: 'pkcs8', format: 'der' })),
    issue: (name, options = {}) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        cert: certificate({
          subject: name,
          issuer: subject,
          key: own.publicKey,
          signer: pair.privateKey,
          isAuthority: false,
          ...options,
        }),
        key: pem('PRIVATE KEY', own.privateKey.export({ type: 'pkcs8', format: 'der' })),
      };
    },
  };
}

interface CertificateParts extends IssueOptions {
  readonly subject: string;
  readonly issuer: string;
  readonly key: KeyObject;
  readonly signer: KeyObject;
  readonly isAuthority: boolean;
}

function certificate(parts: CertificateParts): string {
  const { notBefore = new Date(Date.now() - DAY), notAfter = new Date(Date.now() + 30 * DAY) } = parts;
  // ecdsa-with-SHA256
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  const body = sequence(
    tagged(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    name(parts.issuer),
    sequence(time(notBefore), time(notAfter)),
    name(parts.subject),
    parts.key.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions(parts))),
  );
  const signature = createSign('sha256').update(body).sign(parts.signer);
  return pem('CERTIFICATE', sequence(body, algorithm, tagged(0x03, Buffer.of(0), signature)));
}

function extensions({ isAuthority, names = [] }: CertificateParts): Buffer[] {
  const constraints = sequence(...(isAuthority ? [tagged(0x01, Buffer.of(0xff))] : []));
  const alternatives = names.map((text) =>
    /^[\d.]+$/.test(text)
      ? tagged(0x87, Buffer.from(text.split('.').map(Number)))
      : tagged(0x82, Buffer.from(text)),
  );
  return [
    sequence(oid('2.5.29.19'), tagged(0x01, Buffer.of(0xff)), tagged(0x04, constraints)),
    ...(names.length === 0 ? [] : [sequence(oid('2.5.29.17'), tagged(0x04, sequence(...alternatives)))]),
  ];
}

function name(common: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('2.5.4.3'), tagged(0x0c, Buffer.from(common)))));
}

function time(date: Date): Buffer {
  return tagged(0x18, Buffer.from(`${date.toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = rest.flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
