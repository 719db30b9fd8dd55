import type { AuthenticationProviderArgs } from 'kafkajs';

/** One message to the broker and its answer, as a SASL mechanism sees them. */
export type Exchange = (message: string) => Promise<string>;

/** SASL over a connection of kafkajs, which wants the length in front of the bytes. */
export function exchangeOver(saslAuthenticate: AuthenticationProviderArgs['saslAuthenticate']): Exchange {
  return async (message) => {
    const bytes = Buffer.from(message, 'utf8');
    const framed = Buffer.alloc(4 + bytes.length);
    framed.writeInt32BE(bytes.length);
    bytes.copy(framed, 4);
    const answer = await saslAuthenticate({
      request: { encode: () => framed },
      response: { decode: (raw) => raw, parse: (raw) => raw.subarray(4).toString('utf8') },
    });
    return answer ?? '';
  };
}
