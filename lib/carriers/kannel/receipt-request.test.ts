import { expect, test } from 'vitest';
import { readKannelReceipt } from './receipt-request';
import { readReceiptText } from './receipt-text';

test.each([
  ['status=1&answer=', { status: 'delivered', reason: null }],
  ['status=2&answer=', { status: 'failed', reason: 'It could not be delivered.' }],
  ['status=8&answer=ACK%2F&network=7F3A', { status: 'accepted', reason: null, networkId: '7F3A' }],
  [`status=8&network=${'x'.repeat(66)}`, { status: 'accepted', reason: null }],
  ['status=4', { status: 'waiting', reason: null }],
  ['status=8&answer=ACK%2F', { status: 'accepted', reason: null }],
  ['status=16&answer=NACK%2F', { status: 'refused', reason: 'The network refused it.' }],
  [
    'status=16&answer=NACK%2F11%2FInvalid+Destination+Address',
    { status: 'refused', reason: 'The network refused it: Invalid Destination Address.' },
  ],
  ['status=16&answer=%00%FF', { status: 'refused', reason: 'The network refused it.' }],
  // a word that Kannel does not know
  ['status=2&answer=id:1+sub:001+stat:DELIVERED+err:000', { status: 'delivered', reason: null }],
  [
    'status=2&answer=id:1+sub:001+dlvrd:000+stat:EXPIRED+err:0A3',
    { status: 'failed', reason: 'The phone could not be reached in time. The network’s error: 0A3.' },
  ],
  [
    'status=16&answer=id:1+stat:EXPIRED+err:000',
    { status: 'failed', reason: 'The phone could not be reached in time.' },
  ],
])('%s', (query, receipt) => {
  expect(readKannelReceipt(query)).toEqual(receipt);
});

test.each([
  '',
  'status=',
  'status=3',
  'status=-1',
  'status=%25d',
  'status=__proto__',
  'status=constructor',
  'x',
])('no status that Kannel has: %s', (query) => {
  expect(readKannelReceipt(query)).toBeNull();
});

test.each([
  ['DELIVRD', 'delivered'],
  ['ACCEPTD', 'accepted'],
  ['ENROUTE', 'waiting'],
  ['UNDELIV', 'failed'],
  ['DELETED', 'failed'],
  ['REJECTD', 'failed'],
  ['NEWWORD', 'failed'],
])('as a text, %s', (word, status) => {
  const text = `id:0123ab sub:001 dlvrd:001 submit date:2611290930 done date:2611290931 stat:${word} err:000 text:Stop`;
  expect(readReceiptText(text)).toMatchObject({ networkId: '0123ab', status });
});
