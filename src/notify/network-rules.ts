import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** Code of the error for a connection that was not made; it says nothing of the address. */
export const ADDRESS_REFUSED = 'ADDRESS_REFUSED';

const CIDR_FORM = 'an address or a network such as 10.0.0.0/8 or fd00::/8';

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

const network = z
  .string()
  .transform((text, context) => {
    const parsed = parseNetwork(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: 'custom', message: `"${text}" is no network; expected ${CIDR_FORM}` });
    return z.NEVER;
  })
  .describe(`Expected: ${CIDR_FORM}.`);

/**
 * No receiver lives here, and what does is worth attacking: link-local networks and the addresses at which clouds hand out
 * credentials to whoever asks from inside; multicast, broadcast and "this network". Private networks and this machine
 * are not in it, since that is where receivers inside a cluster are.
 */
const DENIED_BY_DEFAULT = [
  '169.254.0.0/16',
  'fe80::/10',
  'fd00:ec2::254',
  'fd20:ce::254',
  '100.100.100.200',
  '168.63.129.16',
  '0.0.0.0/8',
  '::',
  '224.0.0.0/4',
  '255.255.255.255',
  'ff00::/8',
];

export const networkRulesSchema = z
  .strictObject({
    deny: z
      .array(network)
      .prefault(DENIED_BY_DEFAULT)
      .describe('Networks that are never called, whatever name leads there. Replaces the default.'),
    allow: z
      .array(network)
      .default([])
      .describe('When there are any, no other networks are called than these; deny still holds.'),
  })
  .prefault({})
  .describe(
    'Which addresses receivers and retraining targets may have. Checked for each connection, behind the name resolution.',
  );

type NetworkRules = z.output<typeof networkRulesSchema>;

/** True for an address that may be called. */
export type AddressTest = (address: string) => boolean;

export function addressTest({ deny, allow }: NetworkRules): AddressTest {
  const denied = listOf(deny);
  const allowed = listOf(allow);
  return (address) => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    // A zone such as %eth0 says which link, and not which network.
    const bare = address.split('%', 1)[0] ?? address;
    return !denied.check(bare, family) && (allow.length === 0 || allowed.check(bare, family));
  };
}

/** BlockList knows an IPv4 address in its IPv6 form (::ffff:a.b.c.d); a gateway from IPv6 to IPv4 has another one. */
function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) {
    list.addSubnet(address, prefix, family);
    if (family === 'ipv4') list.addSubnet(`64:ff9b::${address}`, 96 + prefix, 'ipv6');
  }
  return list;
}

function parseNetwork(text: string): Network | undefined {
  const [, address = '', digits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  const prefix = digits === undefined ? bits : Number(digits);
  return prefix > bits ? undefined : { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}
