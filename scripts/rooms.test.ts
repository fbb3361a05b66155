import { readFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rooms } from '../rooms.mjs';

test('every room of lib has its place in the order, and no other has one', () => {
  const there = readdirSync('lib').filter((name) => !/\.test\.ts$/.test(name));
  expect([...rooms].sort()).toEqual(there.sort());
});

test('CONTRIBUTING shows the rooms in their order', async () => {
  const text = await readFile('CONTRIBUTING.md', 'utf8');
  const picture = /```\n(sms[^`]*)```/.exec(text)?.[1] ?? '';
  const shown = picture
    .split('\n')
    .flatMap((line) => line.split(/ {3,}/)[0]?.split(/ +/) ?? [])
    .filter((name) => name !== '');
  expect(shown).toEqual(rooms);
});
