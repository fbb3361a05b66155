import { expect, test } from 'vitest';
import { readNetworkUrls } from './network-urls';

test('one network, with all that may be said of it', () => {
  expect(
    readNetworkUrls(' smpp://cz:p%40ss%23@smsc.example:2775?system-type=vas&throughput=50#one '),
  ).toEqual({
    ok: true,
    networks: [
      {
        kind: 'smpp',
        id: 'one',
        host: 'smsc.example',
        port: 2775,
        username: 'cz',
        password: 'p@ss#',
        systemType: 'vas',
        perSecond: 50,
      },
    ],
  });
});

test('several, each by its name', () => {
  const read = readNetworkUrls('smpp://a:b@one.example:2775#one smpp://c:d@two.example:2776#two');
  expect(read).toMatchObject({
    ok: true,
    networks: [
      { id: 'one', username: 'a' },
      { id: 'two', port: 2776 },
    ],
  });
});

test.each([
  ['', /address 1 is not like/],
  ['smsc.example:2775', /address 1 is not like/],
  ['http://a:b@smsc.example:2775', /address 1 is not like/],
  ['smpp://smsc.example:2775', /address 1 is not like/],
  ['smpp://a:b@smsc.example', /address 1 is not like/],
  ['smpp://a:b@one.example:1 smpp://a:b@two.example', /address 2 is not like/],
  ['smpp://a:b@one.example:1 smpp://a:b@two.example:2', /name of its own/],
  ['smpp://a:b@one.example:1#Vodacom', /the name of address 1/],
  ['smpp://a:b@one.example:1?trhoughput=5', /has "trhoughput"/],
  ['smpp://a:b@one.example:1?throughput=fast', /whole number/],
])('a mistake is named: %s', (text, problem) => {
  const read = readNetworkUrls(text);
  expect(read).toMatchObject({ ok: false, problem: expect.stringMatching(problem) as string });
  // A password may stand in it.
  expect(JSON.stringify(read)).not.toContain('a:b');
});
