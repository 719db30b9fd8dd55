import type { KafkaConfig } from 'kafkajs';
import type { Clock } from '../../../base/clock.ts';
import { DriftdError } from '../../../base/errors.ts';
import { createAccessToken } from './access-token.ts';
import { type Exchange, exchangeOver } from './exchange.ts';
import { oauthBearer } from './oauth-bearer.ts';
import type { SaslOptions } from './options.ts';
import { scram } from './scram.ts';

/**
 * How a client of kafkajs logs in. kafkajs has these mechanisms as well, but takes whatever fails during the login for a
 * refusal, a broker that restarts included, and a refused token for a success. Here errors stay what they are.
 */
export function saslLogin(
  options: SaslOptions,
  clock: Clock,
  nonce: () => string,
): NonNullable<KafkaConfig['sasl']> {
  const login = loginOf(options, clock, nonce);
  return {
    mechanism: options.mechanism,
    authenticationProvider: ({ saslAuthenticate }) => ({
      authenticate: async () => {
        try {
          await login(exchangeOver(saslAuthenticate));
        } catch (error) {
          // kafkajs tries again unless an error says no in its own way.
          if (!(error instanceof DriftdError) || error.retryable) throw error;
          throw Object.assign(new Error(error.message, { cause: error }), { retriable: false });
        }
      },
    }),
  };
}

function loginOf(
  options: SaslOptions,
  clock: Clock,
  nonce: () => string,
): (exchange: Exchange) => Promise<void> {
  if (options.mechanism === 'OAUTHBEARER') {
    const accessToken = createAccessToken(options, clock);
    return async (exchange) => oauthBearer(exchange, await accessToken());
  }
  const { mechanism, username, password } = options;
  if (mechanism === 'PLAIN') {
    return async (exchange) => {
      await exchange(`\0${username}\0${password}`);
    };
  }
  return async (exchange) => {
    if (await scram(exchange, mechanism, { username, password }, nonce())) return;
    throw new DriftdError(
      'environment',
      `the broker does not prove by ${mechanism} that it knows the password; is kafka.brokers the right address?`,
    );
  };
}
