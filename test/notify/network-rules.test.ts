import { describe, expect, it } from 'vitest';
import { addressTest, networkRulesSchema } from '../../src/notify/network-rules.ts';

function mayCall(rules: object, address: string): boolean {
  return addressTest(networkRulesSchema.parse(rules))(address);
}

describe('the networks that may be called', () => {
  it.each([
    '93.184.216.34',
    '10.1.2.3',
    '192.168.1.1',
    '127.0.0.1',
    '::1',
    'fd12:3456::1',
    '2606:2800:220:1::1',
    '::ffff:10.1.2.3',
  ])('are by default those of receivers in the world and in the cluster, such as %s', (address) => {
    expect(mayCall({}, address)).toBe(true);
  });

  it.each([
    ['where a cloud gives credentials away', '169.254.169.254'],
    ['the same, for containers', '169.254.170.2'],
    ['the same, over IPv6', 'fd00:ec2::254'],
    ['the same, as an IPv6 address', '::ffff:169.254.169.254'],
    ['the same, in hexadecimal', '::ffff:a9fe:a9fe'],
    ['the same, through a gateway from IPv6', '64:ff9b::a9fe:a9fe'],
    ['link-local', 'fe80::1'],
    ['link-local, with its link', 'fe80::1%eth0'],
    ['this network', '0.0.0.0'],
    ['the unspecified address', '::'],
    ['multicast', '224.0.0.1'],
    ['multicast over IPv6', 'ff02::1'],
    ['broadcast', '255.255.255.255'],
  ])('are by default not %s: %s', (_, address) => {
    expect(mayCall({}, address)).toBe(false);
  });

  it('are those that are allowed, when some are, and never those that are denied', () => {
    const rules = { allow: ['10.0.0.0/8', 'fd00::/8', '93.184.216.34'], deny: ['10.0.0.0/24'] };
    expect(mayCall(rules, '10.1.0.1')).toBe(true);
    expect(mayCall(rules, 'fd00::1')).toBe(true);
    expect(mayCall(rules, '93.184.216.34')).toBe(true);
    expect(mayCall(rules, '10.0.0.1')).toBe(false);
    expect(mayCall(rules, '::ffff:10.0.0.1')).toBe(false);
    expect(mayCall(rules, '93.184.216.35')).toBe(false);
    expect(mayCall(rules, '127.0.0.1')).toBe(false);
    expect(mayCall(rules, '169.254.169.254')).toBe(false);
  });

  it('may be all, when nothing is denied', () => {
    expect(mayCall({ deny: [] }, '169.254.169.254')).toBe(true);
  });

  it.each(['', '10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'example.com', '10.0.0.0/', '10.0.0.0/8/8'])(
    'are not written as %j',
    (text) => {
      const { error } = networkRulesSchema.safeParse({ deny: [text] });
      expect(error?.issues[0]?.message).toBe(
        `"${text}" is no network; expected an address or a network such as 10.0.0.0/8 or fd00::/8`,
      );
    },
  );
});
