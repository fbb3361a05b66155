import { expect, test } from 'vitest';
import { addKnownDevice, findKnownDevice, knownDeviceDays } from './known-device';

const now = new Date('2026-11-28T10:00:00Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

test('a browser is known to the username that signed in there, and to no other', () => {
  const cookie = addKnownDevice(undefined, 'thandi', now);
  const id = findKnownDevice(cookie, 'thandi', now);
  expect(id).toMatch(/^[\w-]{16}$/);
  expect(findKnownDevice(cookie, 'priya', now)).toBeNull();
  expect(findKnownDevice(undefined, 'thandi', now)).toBeNull();
  expect(cookie).not.toContain('thandi');
});

test('it stays the same device when it is used again, and is forgotten after half a year', () => {
  const cookie = addKnownDevice(undefined, 'thandi', now);
  const again = addKnownDevice(cookie, 'thandi', later(100));
  const id = findKnownDevice(cookie, 'thandi', now);
  expect(findKnownDevice(again, 'thandi', later(100))).toBe(id);
  expect(again.split('~')).toHaveLength(1);
  expect(findKnownDevice(cookie, 'thandi', later(knownDeviceDays + 1))).toBeNull();
  expect(findKnownDevice(again, 'thandi', later(knownDeviceDays + 1))).toBe(id);
});

test('four people may share a browser', () => {
  let cookie: string | undefined;
  const names = ['one', 'two', 'three', 'four', 'five'];
  for (const name of names) cookie = addKnownDevice(cookie, name, now);
  expect(names.map((name) => findKnownDevice(cookie, name, now) !== null)).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
  const ids = names.slice(1).map((name) => findKnownDevice(cookie, name, now));
  expect(new Set(ids).size).toBe(4);
});

test('nobody makes one up', () => {
  const cookie = addKnownDevice(undefined, 'thandi', now);
  const [id, expiry, signature] = cookie.split('.');
  const other = addKnownDevice(undefined, 'mallory', now);
  for (const made of [
    '',
    '~',
    `${id}.${expiry}.`,
    `${id}.zzzzzzz.${signature}`,
    `AAAAAAAAAAAAAAAA.${expiry}.${signature}`,
    `${cookie}x`,
    other,
    'x'.repeat(100_000),
    '~'.repeat(100_000),
  ]) {
    expect(findKnownDevice(made, 'thandi', now), made.slice(0, 80)).toBeNull();
    expect(findKnownDevice(addKnownDevice(made, 'thandi', now), 'thandi', now)).not.toBeNull();
  }
});
