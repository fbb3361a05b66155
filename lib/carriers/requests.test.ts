import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseReceiptRequest, parseReplyRequest, type Parsed } from './requests';

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

function parseJson(fields: object) {
  return parseReplyRequest('simulator', json, Buffer.from(JSON.stringify(fields)));
}

function parseForm(body: string, contentType = form) {
  return parseReplyRequest('simulator', contentType, Buffer.from(body, 'latin1'));
}

function read<Value>(parsed: Parsed<Value>): Value {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

const fields = { id: 'mo-1', from: '27821234567', to: '27600100200', text: 'Stop' };

describe('a reply as JSON', () => {
  test('is read', () => {
    expect(read(parseJson(fields))).toEqual({
      carrier: 'simulator',
      carrierMessageId: 'mo-1',
      from: '27821234567',
      to: '27600100200',
      text: 'Stop',
      raw: null,
      receivedAt: expect.any(Date),
    });
  });

  test.each([
    ['+27 82 123 4567', '27821234567'],
    ['0821234567', '27821234567'],
    ['27821234567', '27821234567'],
    ['30123', '30123'],
    ['+30 123', '30123'],
    ['0111234567', '27111234567'],
    ['MTN', 'MTN'],
    ['Vodacom SA', 'Vodacom SA'],
    ['\0MTN\ud800', '\ufffdMTN\ufffd'],
  ])('a sender %j is %j', (typed, normalised) => {
    expect(read(parseJson({ ...fields, from: typed }))).toMatchObject({ from: normalised });
    expect(read(parseJson({ ...fields, to: typed }))).toMatchObject({ to: normalised });
  });

  test.each(['+27(0)871234567', '0027 87 123 4567', '087 123 4567', '871234567', '27871234567'])(
    'a sender number is one, however the carrier writes it: %j',
    (to) => {
      expect(read(parseJson({ ...fields, to }))).toMatchObject({ to: '27871234567' });
    },
  );

  test.each(['31023', '27 31023', '031023', '+27 31023', '+31023'])(
    'a short code is one, however the carrier writes it: %j',
    (to) => {
      expect(read(parseJson({ ...fields, to }))).toMatchObject({ to: '31023' });
    },
  );

  test.each(['+298212345', '298212345', '00298212345', '+298 21 23 45'])(
    'a recipient of another country whose number has nine digits: %j',
    (from) => {
      expect(read(parseJson({ ...fields, from }))).toMatchObject({ from: '298212345' });
    },
  );

  test.each(['', ' ', '\r\n', '\ufeffStop', 'Ωmega 🛑', 'a'.repeat(100_000)])(
    'a text is not touched: %j',
    (text) => {
      expect(read(parseJson({ ...fields, text }))).toMatchObject({ text, raw: null });
    },
  );

  test('whatever is written in well-formed characters comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        const text = written.replaceAll('\0', '');
        expect(read(parseJson({ ...fields, text }))).toMatchObject({ text, raw: null });
      }),
    );
  });

  test.each([
    ['a NUL', 'Stop\0', 'Stop\ufffd'],
    ['half a surrogate pair', 'Stop\ud83d', 'Stop\ufffd'],
  ])(
    '%s, which no database takes: the text reads on and the request is kept as it came',
    (_, text, readable) => {
      const body = Buffer.from(JSON.stringify({ ...fields, text }));
      const reply = read(parseReplyRequest('simulator', json, body));
      expect(reply.text).toBe(readable);
      expect(reply.raw).toEqual(body);
    },
  );

  test('bytes that are not UTF-8 are read as Windows-1252 and kept as they came', () => {
    const body = Buffer.from(
      '{"id":"mo-1","from":"27821234567","to":"30123","text":"Caf\xe9 \x80"}',
      'latin1',
    );
    const reply = read(parseReplyRequest('simulator', json, body));
    expect(reply.text).toBe('Café €');
    expect(reply.raw).toEqual(body);
  });

  test.each([
    ['no id', { ...fields, id: undefined }, 'id'],
    ['an empty id', { ...fields, id: ' ' }, 'id'],
    ['an endless id', { ...fields, id: 'x'.repeat(201) }, 'id'],
    ['no sender', { ...fields, from: undefined }, 'from'],
    ['an endless sender', { ...fields, from: '2'.repeat(41) }, 'from'],
    ['nobody written to', { ...fields, to: '' }, 'to'],
    ['no text', { ...fields, text: undefined }, 'text'],
    ['a text that is none', { ...fields, text: 7 }, 'text'],
  ])('%s is refused by name', (_, body, name) => {
    const parsed = parseJson(body);
    expect(parsed).toMatchObject({ ok: false });
    expect(!parsed.ok && parsed.problem).toMatch(new RegExp(`^Field "${name}" .*\\.$`));
  });

  test.each(['', 'null', '[]', '"Stop"', '7', '{', '{"id":"mo-1"', '\0\xff\xfe'])(
    'a body %j is refused in words',
    (body) => {
      const parsed = parseReplyRequest('simulator', json, Buffer.from(body, 'latin1'));
      expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(/\.$/) });
      expect(!parsed.ok && parsed.problem).not.toContain('""');
    },
  );
});

describe('a reply as a form', () => {
  test('is read', () => {
    expect(read(parseForm('id=mo-1&from=%2B27821234567&to=30123&text=Stop+please%21'))).toMatchObject({
      carrierMessageId: 'mo-1',
      from: '27821234567',
      to: '30123',
      text: 'Stop please!',
      raw: null,
    });
  });

  test('whatever a form can carry comes out as it went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        const text = written.replaceAll('\0', '');
        const body = new URLSearchParams({ ...fields, text }).toString();
        expect(read(parseForm(body, `${form}; charset=utf-8`))).toMatchObject({ text, raw: null });
      }),
    );
  });

  test('an equals sign belongs to the text', () => {
    expect(read(parseForm('id=mo-1&from=MTN&to=30123&text=1+1=2==true'))).toMatchObject({
      text: '1 1=2==true',
    });
  });

  test('bytes that are not UTF-8 are read as Windows-1252 and kept as they came', () => {
    for (const text of ['Caf%E9', 'Caf\xe9']) {
      const body = `id=mo-1&from=MTN&to=30123&text=${text}`;
      const reply = read(parseForm(body));
      expect(reply.text).toBe('Café');
      expect(reply.raw).toEqual(Buffer.from(body, 'latin1'));
    }
  });

  test('an escape that is none is text', () => {
    expect(read(parseForm('id=mo-1&from=MTN&to=30123&text=100%25+or+100%+or+%zz'))).toMatchObject({
      text: '100% or 100% or %zz',
    });
  });

  test('a field that is missing is refused by name', () => {
    expect(parseForm('id=mo-1&from=MTN&to=30123')).toEqual({
      ok: false,
      problem: 'Field "text" must be given as text; it may be empty.',
    });
    expect(parseForm('')).toMatchObject({ ok: false, problem: expect.stringMatching(/^Field "id"/) });
  });

  test('names that objects have anyway are fields like any other', () => {
    expect(parseForm('__proto__=x&constructor=y&id=mo-1&from=MTN&to=30123&text=Stop').ok).toBe(true);
  });
});

describe('a delivery receipt', () => {
  const parse = (body: object) => parseReceiptRequest(json, Buffer.from(JSON.stringify(body)));

  test('is read', () => {
    expect(parse({ reference: '58324-1001', status: 'delivered' })).toEqual({
      ok: true,
      value: { accountId: 58324, messageId: '1001', status: 'delivered', reason: null },
    });
    expect(parse({ reference: '58324-1001', status: 'failed', reason: 'Off\0' })).toMatchObject({
      value: { status: 'failed', reason: 'Off\ufffd' },
    });
    expect(parse({ reference: '58324-1001', status: 'failed' })).toMatchObject({
      value: { reason: 'The network gave no reason.' },
    });
    expect(parseReceiptRequest(form, Buffer.from('reference=1-2&status=delivered'))).toMatchObject({
      ok: true,
    });
  });

  test.each([
    ['no reference', { status: 'delivered' }, 'reference'],
    ['a reference that is none of ours', { reference: 'abc', status: 'delivered' }, 'reference'],
    [
      'a reference too long for a number',
      { reference: `1-${'9'.repeat(19)}`, status: 'delivered' },
      'reference',
    ],
    ['an account too large', { reference: '9999999999-1', status: 'delivered' }, 'reference'],
    ['an unknown status', { reference: '1-2', status: 'buffered' }, 'status'],
    ['no status', { reference: '1-2' }, 'status'],
    ['an endless reason', { reference: '1-2', status: 'failed', reason: 'x'.repeat(501) }, 'reason'],
  ])('%s is refused by name', (_, body, name) => {
    const parsed = parse(body);
    expect(!parsed.ok && parsed.problem).toMatch(new RegExp(`^Field "${name}" .*\\.$`));
  });
});

test('a form of two million fields is no more work than one of a hundred', () => {
  const decode = vi.spyOn(TextDecoder.prototype, 'decode');
  expect(parseForm(`id=mo-1&from=MTN&to=30123&text=Stop${'&'.repeat(1_900_000)}`).ok).toBe(true);
  const decoded = decode.mock.calls.length;
  decode.mockRestore();
  expect(decoded).toBeGreaterThan(4);
  expect(decoded).toBeLessThan(500);
});
