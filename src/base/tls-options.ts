import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { SecureContextOptions } from 'node:tls';
import { z } from 'zod';
import { orFile, secret } from './file-option.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const certificates = orFile(
  z.string().refine(areCertificates, 'must hold certificates in PEM form (-----BEGIN CERTIFICATE-----)'),
);

/** How to speak TLS to a server, in the words of Prometheus' tls_config. */
export const tlsSchema = z
  .strictObject({
    ca: certificates
      .optional()
      .describe(
        "Certificates of the authorities that may have signed the server's, in PEM form. Default: those that Node knows.",
      ),
    cert: certificates.optional().describe('Certificate to show to the server, in PEM form, for mutual TLS.'),
    key: secret(z.string().min(1)).optional().describe('Private key of cert, in PEM form.'),
    key_passphrase: secret(z.string()).optional().describe('Passphrase of key, where it is encrypted.'),
    server_name: z
      .string()
      .min(1)
      .optional()
      .describe("Name that the server's certificate is for, where it is not that of the address."),
    insecure_skip_verify: z
      .boolean()
      .default(false)
      .describe("Takes any certificate of the server's, and so anybody for the server. For tests only."),
  })
  .superRefine(({ cert, key, key_passphrase: passphrase }, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (cert !== undefined && key === undefined)
      complain('cert', 'needs its private key as well: key or key_file');
    if (key === undefined) return;
    const privateKey = readKey(key, passphrase);
    if (privateKey === undefined) {
      complain(
        'key',
        'must be a private key in PEM form; one that is encrypted needs the right key_passphrase',
      );
    } else if (cert === undefined) {
      complain('key', 'needs its certificate as well: cert or cert_file');
    } else if (areCertificates(cert) && !new X509Certificate(cert).checkPrivateKey(privateKey)) {
      complain('key', 'is not the private key of the certificate');
    }
  });

export type TlsOptions = z.output<typeof tlsSchema>;

function areCertificates(text: string): boolean {
  try {
    const found = text.match(CERTIFICATE) ?? [];
    return found.map((pem) => new X509Certificate(pem)).length > 0;
  } catch {
    return false;
  }
}

function readKey(key: string, passphrase: string | undefined): KeyObject | undefined {
  try {
    return createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    return undefined;
  }
}

/** The options in the words of node:tls, for whoever opens the connection. */
export function tlsConnectionOptions(options: TlsOptions): SecureContextOptions & {
  rejectUnauthorized: boolean;
  servername?: string;
} {
  const { ca, cert, key, key_passphrase: passphrase, server_name: servername } = options;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
    ...(servername !== undefined && { servername }),
    rejectUnauthorized: !options.insecure_skip_verify,
  };
}
