import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction, connect as netConnect, type Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { Clock, Millis } from '../base/clock.ts';
import { type TlsOptions, tlsConnectionOptions } from '../base/tls-options.ts';
import { createPost, type Post } from './http-post.ts';
import { ADDRESS_REFUSED, type AddressTest } from './network-rules.ts';

/** The ways in which messages leave: all connections go through the same test of their address. */
export interface Outbound {
  /** Posts over HTTP; with TLS options of its own where a receiver has some. */
  readonly http: (tls?: TlsOptions) => Post;
  /** Opens a plain connection, for protocols other than HTTP. Fails with an error that has a code. */
  readonly dial: (host: string, port: number) => Socket;
  /** For one attempt as a whole. */
  readonly timeout: Millis;
  readonly close: () => Promise<void>;
}

export interface OutboundOptions {
  readonly mayCall: AddressTest;
  readonly timeout: Millis;
  readonly clock: Clock;
  /** How names become addresses; that of the system unless a test says otherwise. */
  readonly lookup?: typeof systemLookup;
}

export function openOutbound({ mayCall, timeout, clock, lookup = systemLookup }: OutboundOptions): Outbound {
  /** By their TLS options: a reload asks for the same again. */
  const agents = new Map<string, Agent>();
  const checkedLookup = lookupAmong(mayCall, lookup);
  const post = (tls?: TlsOptions): Post => {
    const key = JSON.stringify(tls ?? null);
    const dispatcher = agents.get(key) ?? agentFor(mayCall, checkedLookup, tls);
    agents.set(key, dispatcher);
    return createPost({ dispatcher, timeout, clock });
  };
  const plain = post();
  return {
    http: (tls) => (tls === undefined ? plain : post(tls)),
    dial: (host, port) => {
      if (isIP(host) !== 0 && !mayCall(host)) throw refusal();
      return netConnect({ host, port, lookup: checkedLookup });
    },
    timeout,
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** The connection goes to the very addresses that were tested, so a name that leads elsewhere a moment later gains nothing. */
function lookupAmong(mayCall: AddressTest, lookup: typeof systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '');
      const addresses = found.filter(({ address }) => mayCall(address));
      const [first] = addresses;
      if (first === undefined) return callback(refusal(), '');
      if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function agentFor(mayCall: AddressTest, lookup: LookupFunction, tls: TlsOptions | undefined): Agent {
  const connect = buildConnector({ lookup, ...(tls !== undefined && tlsConnectionOptions(tls)) });
  return new Agent({
    pipelining: 0,
    connect: (options, callback) => {
      // An address needs no name resolution, so it never comes by the test there.
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !mayCall(host)) callback(refusal(), null);
      else connect(options, callback);
    },
  });
}

function refusal(): Error {
  return Object.assign(new Error('the address may not be called'), { code: ADDRESS_REFUSED });
}
