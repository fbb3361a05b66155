import { expect, test } from 'vitest';
import { isInNetworks, readNetworks } from './networks';

test('addresses and networks, one in a line or with commas', () => {
  expect(readNetworks(' 196.25.1.0/24,\n2001:db8::/32 ; 10.0.0.1 10.0.0.1')).toEqual({
    ok: true,
    networks: ['196.25.1.0/24', '2001:db8::/32', '10.0.0.1'],
  });
  expect(readNetworks('')).toEqual({ ok: true, networks: [] });
});

test.each(['196.25.1.0/33', '2001:db8::/129', '300.1.1.1', 'example.com', '10.0.0.1/', '10.0.0/8'])(
  '%s is neither',
  (wrong) => {
    expect(readNetworks(`10.0.0.1 ${wrong}`)).toEqual({ ok: false, problem: wrong });
  },
);

test.each([
  ['196.25.1.7', ['196.25.1.0/24'], true],
  ['196.25.2.7', ['196.25.1.0/24'], false],
  ['::ffff:196.25.1.7', ['196.25.1.0/24'], true],
  ['2001:db8:1::5', ['10.0.0.1', '2001:db8::/32'], true],
  ['2001:db9::5', ['2001:db8::/32'], false],
  ['10.0.0.1', ['10.0.0.1'], true],
  ['10.0.0.2', ['10.0.0.1'], false],
  ['not an address', ['0.0.0.0/0'], false],
])('%s in %j: %j', (address, networks, isIn) => {
  expect(isInNetworks(address, networks)).toBe(isIn);
});
