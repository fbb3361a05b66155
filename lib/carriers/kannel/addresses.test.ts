import { describe, expect, test } from 'vitest';
import { env } from '@/lib/env';
import { composeReceiptUrl, composeReplyUrl, parseReceiptUrl } from './addresses';
import { composeReplyPassword, readSignedReceipt, signReceipt } from './signatures';

const listener = 'http://127.0.0.1:3001';
const message = { accountId: 58324, id: '1001' };

describe('what Kannel calls with a reply', () => {
  test('has a password that is not the secret, the text as bytes, and what orders replies', () => {
    const secret = `a/secret@with+signs%41${'x'.repeat(20)}`;
    const address = composeReplyUrl({ listener, carrier: 'mtn-1', secret });
    expect(address).toMatch(
      /^http:\/\/kannel:[\w-]{43}@127\.0\.0\.1:3001\/carrier\/mtn-1\/kannel\/reply\?id=%I&from=%p&to=%P&text=%b&/,
    );
    expect(address).toContain('&at=%T&header=%u&');
    expect(address).not.toContain(secret);
  });

  test('its password is of one carrier and one secret', () => {
    const passwords = [
      ['a', 'secret one'],
      ['b', 'secret one'],
      ['a', 'secret two'],
    ].map(([carrier, secret]) => composeReplyPassword(carrier as string, secret as string));
    expect(new Set(passwords).size).toBe(3);
  });

  test.each([
    ['http://127.0.0.1:3000/api', 'http://127.0.0.1:3000/api/carrier/'],
    ['https://zone.example/', 'https://zone.example/carrier/'],
    ['http://[::1]:3001', 'http://[::1]:3001/carrier/'],
  ])('the listener may be %s', (from, beginning) => {
    const address = composeReplyUrl({ listener: from, carrier: 'a', secret: env.CARRIER_SECRET });
    expect(address.replace(/\/\/kannel:[\w-]+@/, '//').startsWith(beginning)).toBe(true);
  });
});

describe('what Kannel calls with a receipt', () => {
  test.each([listener, 'https://zone.example/api', 'http://[::1]:3001'])(
    'is read again, of a listener at %s',
    (from) => {
      const address = composeReceiptUrl({ listener: from, carrier: 'mtn-1', message });
      const { reference, signature } = signReceipt('mtn-1', message);
      expect(parseReceiptUrl(address)).toEqual({ carrier: 'mtn-1', reference, signature });
    },
  );

  test.each([
    '',
    'http://127.0.0.1:3001/carrier/mtn-1/kannel/receipt?status=%d',
    'http://a:b@127.0.0.1:3001/carrier/mtn-1/kannel/reply?status=%d',
    'http://a:b@127.0.0.1:3001/?x=/carrier/mtn-1/kannel/receipt?status=%d',
    'a:b@/carrier/mtn-1/kannel/receipt?',
  ])('is not what is read of %j', (address) => {
    expect(parseReceiptUrl(address)).toBeNull();
  });

  test('names its message, and nothing that Kannel would replace but its own escapes', () => {
    const address = composeReceiptUrl({ listener, carrier: 'mtn-1', message });
    const [, reference = '', signature = '', rest = ''] =
      /^http:\/\/([^:]+):([^@]+)@127\.0\.0\.1:3001\/carrier\/mtn-1\/kannel\/receipt\?(.*)$/.exec(address) ??
      [];
    expect(reference).toBe('58324-1001');
    expect(signature).toMatch(/^[\w-]{43}$/);
    expect(rest.match(/%./g)).toEqual(['%d', '%A', '%F', '%T', '%i']);
    expect(readSignedReceipt('mtn-1', reference, signature)).toEqual({ accountId: 58324, messageId: '1001' });
  });

  test.each([
    ['another carrier', 'mtn-2', '58324-1001'],
    ['another account', 'mtn-1', '58325-1001'],
    ['another message', 'mtn-1', '58324-1002'],
    ['another writing of the same numbers', 'mtn-1', '058324-1001'],
    ['digits moved from one to the other', 'mtn-1', '583241-001'],
    ['no reference', 'mtn-1', ''],
  ])('its signature is of no use for %s', (_, carrier, reference) => {
    const { signature } = signReceipt('mtn-1', message);
    expect(readSignedReceipt(carrier, reference, signature)).toBeNull();
  });

  test('an altered signature is refused', () => {
    const { reference, signature } = signReceipt('mtn-1', message);
    for (const altered of ['', signature.slice(1), `${signature}x`, signature.toLowerCase()]) {
      expect(readSignedReceipt('mtn-1', reference, altered)).toBeNull();
    }
  });
});
