import type { Exchange } from './exchange.ts';

/**
 * SASL OAUTHBEARER (RFC 7628). A broker that takes the token answers with nothing. One that does not answers why, and
 * refuses in the second round, which this asks for: kafkajs does not, and takes the first answer for a success.
 */
export async function oauthBearer(exchange: Exchange, token: string): Promise<void> {
  const answer = await exchange(`n,,\u0001auth=Bearer ${token}\u0001\u0001`);
  if (answer !== '') await exchange('\u0001');
}
