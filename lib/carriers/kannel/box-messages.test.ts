import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeBoxSms, numbers, type BoxSmsParts } from '@/testing/box-sms';
import {
  BoxMessageError,
  BoxReader,
  composeAcknowledgements,
  composeHeartbeat,
  composeIdentity,
} from './box-messages';

const reply: BoxSmsParts = {
  id: '0a1b2c3d-0000-4000-8000-000000000001',
  sender: '27735550199',
  text: 'Stop',
};

/** What is within a length, which stands in front of it. */
const framed = (body: Buffer) => Buffer.concat([numbers(body.length), body]);

test('a reply is read as bearerbox has it', () => {
  const [message] = new BoxReader().read(
    composeBoxSms({ ...reply, receiver: '30123', coding: 2, time: 1e9 }),
  );
  if (message?.kind !== 'sms') throw new Error('It was not read as an SMS.');
  expect(message.sms).toEqual({
    id: reply.id,
    isReceipt: false,
    sender: '27735550199',
    receiver: '30123',
    header: Buffer.alloc(0),
    content: Buffer.from('Stop'),
    time: 1e9,
    networkId: '',
    coding: 2,
    charset: '',
    receiptStatus: -1,
    receiptUrl: '',
  });
});

test('messages are put together however they are cut', () => {
  const sent = Buffer.concat(['one', '', 'three'].map((text) => composeBoxSms({ ...reply, text })));
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (sizes) => {
      const reader = new BoxReader();
      const texts: string[] = [];
      for (let at = 0, turn = 0; at < sent.length; turn++) {
        const size = sizes[turn % sizes.length] as number;
        for (const message of reader.read(sent.subarray(at, at + size)))
          texts.push(message.kind === 'sms' ? String(message.sms.content) : message.kind);
        at += size;
      }
      expect(texts).toEqual(['one', '', 'three']);
    }),
  );
});

test('that bearerbox stops is heard; what asks for nothing is passed over', () => {
  const none = numbers(-1);
  const bytes = Buffer.concat([
    framed(Buffer.concat([numbers(1, 0), none])), // shutdown
    framed(Buffer.concat([numbers(1, 4), none])), // restart
    framed(Buffer.concat([numbers(1, 1), none])), // suspend
    composeHeartbeat(3),
    composeAcknowledgements([{ id: reply.id, time: 5 }]),
  ]);
  expect(new BoxReader().read(bytes).map(({ kind }) => kind)).toEqual([
    'end',
    'end',
    'other',
    'other',
    'other',
  ]);
});

describe('what is no message of this version is not read as one', () => {
  const whole = composeBoxSms(reply);
  const body = whole.subarray(4);
  test.each([
    ['one field more', framed(Buffer.concat([body, numbers(0)]))],
    ['one field less', framed(body.subarray(0, -4))],
    ['a field that ends behind its message', framed(Buffer.concat([numbers(2, 5), Buffer.from('abc')]))],
    ['a field of a negative length', framed(numbers(2, -2))],
    ['no kind', numbers(0)],
    ['a negative length', numbers(-5)],
    ['more than anybody writes', numbers(1_000_001)],
    ['no id', composeBoxSms({ ...reply, id: '' })],
  ])('%s', (_, bytes) => {
    expect(() => new BoxReader().read(bytes)).toThrow(BoxMessageError);
  });
});

test('what we say has the form that bearerbox reads', () => {
  expect(composeIdentity('ab').toString('hex')).toBe(
    '0000000e' + '00000001' + '00000003' + '00000002' + '6162',
  );
  expect(composeHeartbeat(7).toString('hex')).toBe('00000008' + '00000000' + '00000007');
  const acknowledgements = composeAcknowledgements(['x', 'yz'].map((id) => ({ id, time: 9 })));
  expect(acknowledgements.toString('hex')).toBe(
    '00000011' +
      '00000003' +
      '00000000' +
      '00000009' +
      '00000001' +
      '78' +
      ('00000012' + '00000003' + '00000000' + '00000009' + '00000002' + '797a'),
  );
});
