import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority, type Identity } from './certificates.ts';
import { freePort } from './free-port.ts';
import { type KafkaBroker, startBroker } from './kafka-broker.ts';

/** Who may log in to a secure broker: by PLAIN and by both kinds of SCRAM. */
export const KAFKA_USER = { username: 'driftd', password: 'kafka-pass-4f1d' };

/** A broker with a listener for each way to be secure. `brokers` is its open one, for the test itself. */
export interface SecureKafka extends KafkaBroker {
  /** SASL_PLAINTEXT: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER (unsigned tokens). */
  readonly sasl: string;
  /** SASL_SSL with the same mechanisms. */
  readonly saslTls: string;
  /** SSL, with a client certificate that the authority signed. */
  readonly mutualTls: string;
  /** SSL with a certificate that has expired. */
  readonly expired: string;
  /** SSL with a certificate for another name than 127.0.0.1. */
  readonly elsewhere: string;
  /** What signed the certificates, and a certificate for a client. In PEM form. */
  readonly ca: string;
  readonly client: Identity;
  /** An identity that another authority signed. */
  readonly stranger: Identity;
}

/** The name in the certificate of the listener `elsewhere`. */
export const OTHER_NAME = 'kafka.example.com';

const MECHANISMS = 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER';

const PROTOCOLS = {
  SASL: 'SASL_PLAINTEXT',
  SASLTLS: 'SASL_SSL',
  MUTUAL: 'SSL',
  EXPIRED: 'SSL',
  ELSEWHERE: 'SSL',
} as const;

export async function startSecureKafka(): Promise<SecureKafka> {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-secure-kafka-'));
  const authority = createAuthority();
  const trusted = join(folder, 'ca.pem');
  await writeFile(trusted, authority.cert);
  const keystore = async (listener: string, identity: Identity): Promise<Record<string, string>> => {
    const file = join(folder, `${listener}.pem`);
    await writeFile(file, identity.key + identity.cert);
    const prefix = `listener.name.${listener}.ssl`;
    return {
      [`${prefix}.keystore.type`]: 'PEM',
      [`${prefix}.keystore.location`]: file,
      [`${prefix}.truststore.type`]: 'PEM',
      [`${prefix}.truststore.location`]: trusted,
    };
  };
  const names = ['127.0.0.1', 'localhost'];
  const valid = authority.issue('broker', { names });
  const past = { names, notBefore: new Date('2020-01-01'), notAfter: new Date('2021-01-01') };
  const config = {
    ...logins('sasl'),
    ...logins('sasltls'),
    ...(await keystore('sasltls', valid)),
    ...(await keystore('mutual', valid)),
    'listener.name.mutual.ssl.client.auth': 'required',
    ...(await keystore('expired', authority.issue('broker', past))),
    ...(await keystore('elsewhere', authority.issue('broker', { names: [OTHER_NAME] }))),
  };
  const listeners: Record<string, { protocol: string; port: number }> = {};
  for (const [name, protocol] of Object.entries(PROTOCOLS))
    listeners[name] = { protocol, port: await freePort() };
  const at = (name: keyof typeof PROTOCOLS): string => `127.0.0.1:${listeners[name]?.port}`;
  const { username, password } = KAFKA_USER;
  const broker = await startBroker({
    config,
    listeners,
    scram: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
      (mechanism) => `${mechanism}=[name=${username},password=${password}]`,
    ),
  });
  return {
    ...broker,
    sasl: at('SASL'),
    saslTls: at('SASLTLS'),
    mutualTls: at('MUTUAL'),
    expired: at('EXPIRED'),
    elsewhere: at('ELSEWHERE'),
    ca: authority.cert,
    client: authority.issue('driftd'),
    stranger: createAuthority('another authority').issue('driftd'),
    stop: async () => {
      await broker.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The properties of a listener that knows our user, and takes unsigned tokens. */
function logins(listener: string): Record<string, string> {
  const { username, password } = KAFKA_USER;
  const prefix = `listener.name.${listener}`;
  const login = (mechanism: string, loginModule: string, options = ''): Record<string, string> => ({
    [`${prefix}.${mechanism}.sasl.jaas.config`]: `org.apache.kafka.common.security.${loginModule} required${options};`,
  });
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: MECHANISMS,
    // Sessions end, with the token where there is one, unless they are renewed.
    [`${prefix}.connections.max.reauth.ms`]: '3600000',
    ...login('plain', 'plain.PlainLoginModule', ` user_${username}="${password}"`),
    ...login('scram-sha-256', 'scram.ScramLoginModule'),
    ...login('scram-sha-512', 'scram.ScramLoginModule'),
    ...login('oauthbearer', 'oauthbearer.OAuthBearerLoginModule', ' unsecuredLoginStringClaim_sub="broker"'),
  };
}
