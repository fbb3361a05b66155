import { describe, expect, test } from 'vitest';
import { findUrlProblem, isAllowedAddress } from './address';
import { readAddressRules } from './address-rules';

const strict = { allowLoopback: false, allowHttp: false };

test.each([
  ['this machine', ['127.0.0.1', '127.8.9.10', '::1', '0.0.0.0', '::']],
  ['a private network', ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1']],
  ['the provider’s network', ['100.64.0.1', '100.127.255.255']],
  [
    'the link, and what clouds keep there',
    ['169.254.169.254', '169.254.0.1', 'fe80::1', 'fec0::1', 'fd00:ec2::254'],
  ],
  ['many', ['224.0.0.1', '239.255.255.250', '255.255.255.255', 'ff02::1']],
  [
    'nobody',
    ['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '240.0.0.1', '2001:db8::1', '100::1'],
  ],
  [
    'another address in disguise',
    [
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:93.184.215.14',
      '::ffff:7f00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      '2001:0:1::1',
      '::7f00:1',
      '::a9fe:a9fe',
      '64:ff9b:1::7f00:1',
      '::ffff:0:7f00:1',
    ],
  ],
  ['what is given out to nobody', ['1::1', '4000::1', 'e000::1', '100:0:0:1::1']],
  ['no address', ['', 'localhost', '1.2.3', '93.184.215.14/8', '::1%eth0']],
])('no request goes to %s', (_, addresses) => {
  expect(addresses.filter((address) => isAllowedAddress(address, strict))).toEqual([]);
});

test('requests go to public addresses, and to this machine when the operator allows it, and to nothing else then', () => {
  for (const address of ['93.184.215.14', '8.8.8.8', '172.32.0.1', '2606:4700::6810:84e5']) {
    expect(isAllowedAddress(address, strict), address).toBe(true);
  }
  const open = { allowLoopback: true };
  expect(
    ['127.0.0.1', '::1', '10.0.0.1', '::ffff:127.0.0.1', '169.254.169.254'].map((one) =>
      isAllowedAddress(one, open),
    ),
  ).toEqual([true, true, false, false, false]);
});

describe('an address that is typed', () => {
  test.each([
    'https://shop.example/hooks',
    'https://shop.example:8443/hooks?token=1',
    'https://93.184.215.14/',
    'https://xn--bcher-kva.example/',
  ])('%s is taken', (url) => expect(findUrlProblem(url, strict)).toBeNull());

  test.each([
    ['', /Enter an address/],
    ['shop.example', /Enter an address/],
    ['ftp://shop.example/', /https/],
    ['javascript:alert(1)', /https/],
    ['http://shop.example/', /https/],
    ['https://me:secret@shop.example/', /password/],
    ['https://localhost/', /own network/],
    ['https://api.localhost./', /own network/],
    ['https://127.0.0.1/', /own network/],
    // other ways to write 127.0.0.1
    ['https://127.1/', /own network/],
    ['https://2130706433/', /own network/],
    ['https://0x7f000001/', /own network/],
    ['https://0177.0.0.1/', /own network/],
    ['https://[::1]/', /own network/],
    ['https://[::ffff:127.0.0.1]/', /private/],
    ['https://10.0.0.1/', /private/],
    ['https://169.254.169.254/latest/meta-data/', /private/],
    ['https://[fd00::1]/', /private/],
  ])('%s is refused', (url, problem) => expect(findUrlProblem(url, strict)).toMatch(problem));

  test('may be of this machine, by http too, where the operator allows it', () => {
    const rules = { ...strict, allowLoopback: true };
    expect(findUrlProblem('http://localhost:3000/', rules)).toBeNull();
    expect(findUrlProblem('http://127.0.0.1/', rules)).toBeNull();
    expect(findUrlProblem('http://10.0.0.1/', rules)).toMatch(/private/);
    expect(findUrlProblem('http://shop.example/', rules)).toMatch(/https/);
  });
});

test('plain http is for development, or for an operator who allows it', () => {
  const read = (NODE_ENV: 'production' | 'development', WEBHOOKS_ALLOW_HTTP?: boolean) =>
    readAddressRules({ NODE_ENV, WEBHOOKS_ALLOW_HTTP, WEBHOOKS_ALLOW_LOOPBACK: false }).allowHttp;
  expect([
    read('production'),
    read('production', true),
    read('development'),
    read('development', false),
  ]).toEqual([false, true, true, false]);
});
