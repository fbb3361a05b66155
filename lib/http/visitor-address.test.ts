import { afterEach, expect, test } from 'vitest';
import { env } from '@/lib/env';
import { readNeighbourhood, readNetwork, readVisitorAddress } from './visitor-address';

const trusts = env.TRUST_PROXY;
afterEach(() => void Object.assign(env, { TRUST_PROXY: trusts }));

test.each([
  ['203.0.113.9', '203.0.113.9'],
  // only what stands last is the proxy's own word
  ['10.0.0.1, 196.25.1.7,203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:51234', '203.0.113.9'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['unknown', 'unknown'],
  ['203.0.113.9, ', null],
  ['x'.repeat(1000), 'x'.repeat(80)],
])('of “%s” the visitor’s address is %s, where the proxy is trusted', (header, address) => {
  Object.assign(env, { TRUST_PROXY: true });
  expect(readVisitorAddress(header)).toBe(address);
  Object.assign(env, { TRUST_PROXY: false });
  expect(readVisitorAddress(header)).toBeNull();
});

test.each([
  [null, null],
  ['203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:51234', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:5:6:7:8:9:a', '2001:db8:5:6::/64'],
  ['2001:DB8:5:6::1', '2001:db8:5:6::/64'],
  ['[2001:db8:5:6::1]:443', '2001:db8:5:6::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['unknown', 'unknown'],
])('%s counts as %s', (address, network) => expect(readNetwork(address)).toBe(network));

test.each([
  [null, null],
  ['203.0.113.9:51234', '203.0.113.0/24'],
  ['::ffff:203.0.113.9', '203.0.113.0/24'],
  ['2001:db8:5:6:7:8:9:a', '2001:db8:5:6::/64'],
  ['unknown', 'unknown'],
])('%s is in the neighbourhood %s', (address, around) => expect(readNeighbourhood(address)).toBe(around));
