import { describe, expect, test } from 'vitest';
import { readGatewayTime } from './gateway-time';
import { readKannelReply } from './reply-request';

const now = new Date('2026-11-29T10:00:00.500Z');
const arrived = Math.floor(now.getTime() / 1000) - 30;

/** A query as Kannel writes it; `fields` are percent-encoded already. */
function compose(fields: Record<string, string | null> = {}): string {
  const all = {
    id: 'eed38755-8c2e-422d-aedd-c2787a98d738',
    from: '27825550101',
    to: '30123',
    text: 'Stop',
    coding: '0',
    charset: 'UTF-8',
    at: String(arrived),
    header: '',
    link: 'FAKE',
    ...fields,
  };
  return Object.entries(all)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function read(fields: Record<string, string | null> = {}) {
  return readKannelReply('mtn-1', compose(fields), now);
}

test('what a real Kannel sends', () => {
  expect(read()).toEqual({
    lacks: [],
    reply: {
      carrier: 'mtn-1',
      carrierMessageId: 'eed38755-8c2e-422d-aedd-c2787a98d738',
      from: '27825550101',
      to: '30123',
      text: 'Stop',
      raw: null,
      receivedAt: now,
      arrivedAt: new Date(arrived * 1000),
    },
  });
});

describe('every encoding', () => {
  const bytes = (hex: string) => Buffer.from(hex, 'hex');
  test.each<[string, Record<string, string>, string, Buffer | null]>([
    [
      'GSM, with what stands in its extension table',
      { text: '%E2%82%AC+%5B%7B%7D%5D%5C%7E' },
      '€ [{}]\\~',
      null,
    ],
    ['a national shift table, as Kannel hands it over', { text: '%C4%9F%C4%B1%C5%9F' }, 'ğış', null],
    ['UCS-2 that Kannel has recoded', { text: 'Hi+%F0%9F%9B%91' }, 'Hi 🛑', null],
    ['white space and line breaks as they came', { text: '++Stop%0D%0A%09+' }, '  Stop\r\n\t ', null],
    ['an empty text', { text: '' }, '', null],
    ['Latin-1, which is no UTF-8', { text: 'caf%E9' }, 'café', bytes('636166e9')],
    [
      'UCS-2 as it came',
      { text: '%00S%00t%00o%00p', coding: '2', charset: 'UTF-16BE' },
      'Stop',
      bytes('00530074006f0070'),
    ],
    [
      'UCS-2 of another name',
      { text: '%04%10', coding: '2', charset: 'ISO-10646-UCS-2' },
      'А',
      bytes('0410'),
    ],
    [
      'UCS-2 with a byte too few',
      { text: '%00S%00', coding: '2', charset: '' },
      '\uFFFDS\uFFFD',
      bytes('005300'),
    ],
    ['half a pair of UCS-2', { text: '%D8%3D', coding: '2', charset: 'UTF-16BE' }, '\uFFFD', bytes('d83d')],
    ['UTF-8 under the coding of UCS-2', { text: 'Stop', coding: '2', charset: 'UTF-8' }, 'Stop', null],
    ['binary', { text: '%00%01abc', coding: '1', charset: '8-BIT' }, '\uFFFD\u0001abc', bytes('0001616263')],
    ['a NUL in a text', { text: 'St%00op' }, 'St\uFFFDop', bytes('5374006f70')],
    ['a coding that nobody knows', { coding: '7' }, 'Stop', null],
    ['a coding that is no number', { coding: 'x%FF' }, 'Stop', null],
    ['a percent sign that begins nothing', { text: '100%' }, '100%', null],
    ['percent signs with anything behind them', { text: '%zz%4+%C3' }, '%zz%4 Ã', bytes('257a7a253420c3')],
  ])('%s', (_, fields, text, raw) => {
    expect(read(fields)).toMatchObject({ lacks: [], reply: { text, raw } });
  });
});

describe('numbers', () => {
  test.each([
    ['%2B27825550101', '27825550101'],
    ['+27825550101', '27825550101'],
    ['27825550101', '27825550101'],
    ['0825550101', '27825550101'],
    ['0027825550101', '27825550101'],
    ['%2B264811234567', '264811234567'],
    ['264811234567', '264811234567'],
    ['MTN', 'MTN'],
    ['M%C3%A9t%C3%A9o', 'Météo'],
    ['31023', '31023'],
  ])('who wrote: %s', (from, msisdn) => {
    expect(read({ from })).toMatchObject({ lacks: [], reply: { from: msisdn } });
  });

  test.each([
    ['%2B27600100200', '27600100200'],
    ['0600100200', '27600100200'],
    ['%2B30123', '30123'],
    ['27+30123', '30123'],
    ['Shop', 'Shop'],
  ])('where to: %s', (to, senderNumber) => {
    expect(read({ to })).toMatchObject({ lacks: [], reply: { to: senderNumber } });
  });
});

describe('what is missing is made up, so that the reply is kept', () => {
  test.each<[string, Record<string, string | null>, string[], object]>([
    ['no sender', { from: null }, ['from'], { from: 'unknown', text: 'Stop' }],
    ['an empty sender', { from: '+' }, ['from'], { from: 'unknown' }],
    ['a sender that is none', { from: 'x'.repeat(300) }, ['from'], { from: 'x'.repeat(40) }],
    ['no receiver', { to: null }, ['to'], { to: 'unknown' }],
    ['no text', { text: null }, ['text'], { text: '', raw: null }],
    ['an id too long to be one', { id: 'i'.repeat(5000) }, ['id'], { carrierMessageId: 'i'.repeat(200) }],
    ['a NUL in the id', { id: 'a%00b' }, [], { carrierMessageId: 'a\uFFFDb' }],
  ])('%s', (_, fields, lacks, reply) => {
    expect(read(fields)).toMatchObject({ lacks, reply });
  });

  test('without an id it has one of its own, the same at each attempt and for no other', () => {
    const without: Record<string, string | null>[] = [
      { id: null },
      { id: null },
      { id: '' },
      { id: null, text: 'Other' },
    ];
    const ids = without.map((fields) => read(fields).reply.carrierMessageId);
    expect(ids[0]).toMatch(/^without-id-[0-9a-f]{32}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  test('nothing at all, and nothing that is a field', () => {
    for (const query of ['', '&&&', '=', '%', 'x', '\xff=\xff']) {
      expect(readKannelReply('mtn-1', query, now)).toMatchObject({
        lacks: ['id', 'from', 'to', 'text'],
        reply: { from: 'unknown', to: 'unknown', text: '', receivedAt: now },
      });
    }
  });

  test('a field that comes twice counts once, and nothing of a text becomes a field', () => {
    expect(
      readKannelReply('mtn-1', `${compose({ text: 'a%26from%3D27000000000' })}&from=27000000000`, now),
    ).toMatchObject({
      reply: { from: '27825550101', text: 'a&from=27000000000' },
    });
  });
});

describe('a part of a longer reply', () => {
  test.each([
    ['no header', '', undefined],
    ['part 1 of 2', '%05%00%03%2A%02%01', 'part'],
    ['part 2 of 2, with a reference of 16 bits', '%06%08%04%01%2A%02%02', 'part'],
    ['behind another element', '%0A%24%01%01%25%01%01%00%03%2A%02%01'.replace('%0A', '%0B'), 'part'],
    ['the only part', '%05%00%03%2A%01%01', undefined],
    ['a national shift table alone', '%03%24%01%01', undefined],
    ['a port alone', '%06%05%04%0B%84%00%00', undefined],
    ['a header that ends too early', '%05%00%03%2A', 'part'],
    ['an element that is longer than its header', '%03%00%09%2A', 'part'],
    ['a length without a header', '%00', undefined],
    ['a concatenation without its bytes', '%03%00%01%01', 'part'],
  ])('%s', (_, header, kind) => {
    expect(read({ header }).reply.kind).toBe(kind);
  });
});

describe('a receipt that came as a text', () => {
  test.each([
    [
      'id:0123456789+sub:001+dlvrd:001+submit+date:2611290930+done+date:2611290931+stat:DELIVRD+err:000+text:Our+spring',
      'receipt',
    ],
    ['id:7F3A+stat:UNDELIV', 'receipt'],
    ['ID:abc+Sub:001+STAT:expired', 'receipt'],
    ['my+id:+12345', undefined],
    ['id:+stat:DELIVRD', undefined],
    ['id:12+please+stop', undefined],
    ['Stop', undefined],
    [`id:1+${'x'.repeat(100_000)}stat:DELIVRD`, undefined],
  ])('%s', (text, kind) => {
    expect(read({ text }).reply.kind).toBe(kind);
  });
});

test.each([
  [String(arrived), arrived * 1000],
  // to the second, and the gateway's clock may be ahead by a little
  [String(Math.ceil(now.getTime() / 1000) + 30), now.getTime()],
  [String(Math.ceil(now.getTime() / 1000) + 3600), undefined],
  ['0', undefined],
  ['', undefined],
  ['-5', undefined],
  ['2026-11-29 10:00:00', undefined],
  ['9'.repeat(40), undefined],
])('the time at the gateway: %s', (written, at) => {
  expect(readGatewayTime(written, now)?.getTime()).toBe(at);
});
