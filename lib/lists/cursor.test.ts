import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor, type Cursor } from './cursor';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  '2026-11-22 10:00:00+00',
  '2026-11-22 10:00:00.1+02',
  '2026-11-22 10:00:00.123456+05:30',
  '1883-01-01 10:00:00.123456-07:52:58',
])('a place survives the journey, to the microsecond: %s', (at) => {
  for (const direction of ['older', 'newer'] as const) {
    const cursor: Cursor = { sort: 'newest', direction, at, id: '123456789012345678' };
    expect(decodeCursor(encodeCursor(cursor), 'newest')).toEqual(cursor);
    // a list in the other order has no such place
    expect(decodeCursor(encodeCursor(cursor), 'oldest')).toBeNull();
  }
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['no base64', '%%%'],
  ['no JSON', Buffer.from('{').toString('base64url')],
  ['another shape', encode({ direction: 'older' })],
  ['too short a list', encode(['newest', 'older', '2026-11-22 10:00:00+00'])],
  ['an unknown order', encode(['middle', 'older', '2026-11-22 10:00:00+00', '1'])],
  ['a place without its order', encode(['older', '2026-11-22 10:00:00+00', '1'])],
  ['an unknown direction', encode(['newest', 'sideways', '2026-11-22 10:00:00+00', '1'])],
  ['SQL for a time', encode(['newest', 'older', "now()'; drop table reply; --", '1'])],
  ['infinity', encode(['newest', 'older', 'infinity', '1'])],
  ['an id that is no number', encode(['newest', 'older', '2026-11-22 10:00:00+00', '1 or 1=1'])],
  ['an id beyond bigint', encode(['newest', 'older', '2026-11-22 10:00:00+00', '9'.repeat(19)])],
  ['a line break behind', encode(['newest', 'older', '2026-11-22 10:00:00+00\n', '1'])],
  ['more than is sensible', 'x'.repeat(10_000)],
])('%s is no place', (_, encoded) => {
  expect(decodeCursor(encoded, 'newest')).toBeNull();
});

test('whatever is sent, it never throws', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (sent) => {
        expect(() => decodeCursor(sent, 'newest')).not.toThrow();
      },
    ),
  );
});
