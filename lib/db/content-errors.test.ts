import { expect, test } from 'vitest';
import { isAboutContent, nameFault, readOrBlame, UnreadableError } from './content-errors';

const ofDatabase = (code: string, more: object = {}) =>
  Object.assign(new Error('Key (msisdn)=(27735550199) is wrong'), { code, ...more });

test.each([
  ['22021', 'a text that no text can be'],
  ['23503', 'a row that something is missing for'],
  ['23514', 'a check'],
  ['54000', 'too long for an index'],
  ['P0001', 'raised by a trigger'],
  ['XX002', 'a broken index'],
])('%s is about what was to be written: %s', (code) => {
  expect(isAboutContent(ofDatabase(code))).toBe(true);
});

test.each([
  ['08006', 'the connection'],
  ['25006', 'read-only'],
  ['28P01', 'a password'],
  ['40001', 'others were first'],
  ['40P01', 'a deadlock'],
  ['42703', 'a column that is not there yet'],
  ['53100', 'the disk is full'],
  ['53300', 'out of connections'],
  ['55P03', 'a lock'],
  ['57014', 'took too long'],
  ['57P01', 'it stops'],
  ['58030', 'its disk'],
  ['XX000', 'something inside, or a machine of a cluster'],
  ['ECONNREFUSED', 'not there'],
  ['EPIPE', 'gone'],
])('%s passes: %s', (code) => {
  expect(isAboutContent(ofDatabase(code))).toBe(false);
});

test('what our own program stumbles over is about what was read, a lost connection is not', () => {
  expect(isAboutContent(new TypeError('x is null'))).toBe(true);
  expect(isAboutContent(new RangeError('Maximum call stack size exceeded'))).toBe(true);
  expect(isAboutContent(new Error('Connection terminated unexpectedly'))).toBe(false);
  expect(isAboutContent('away')).toBe(false);
});

test('whatever reading throws is about what was read', () => {
  const read = () =>
    readOrBlame(() => {
      throw new Error('No');
    });
  expect(read).toThrow(UnreadableError);
  expect(readOrBlame(() => 7)).toBe(7);
});

test('a fault is named without what was to be written', () => {
  const broken = ofDatabase('23503', { constraint: 'reply_account_id_fkey', table: 'reply' });
  expect(nameFault(broken)).toBe('SQLSTATE 23503, reply_account_id_fkey');
  expect(nameFault(ofDatabase('P0001'))).toBe('SQLSTATE P0001');
  expect(nameFault(new TypeError('27735550199'))).toBe('TypeError');
  expect(nameFault(new UnreadableError('27735550199', { cause: new RangeError('Stop') }))).toBe('RangeError');
  expect(nameFault(new UnreadableError('27735550199'))).toBe('UnreadableError');
});
