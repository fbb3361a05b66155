import { statfs } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findMemoryFolder } from './memory-folder';

test('a folder in memory is one that has the room, and none where no memory has', async () => {
  expect(await findMemoryFolder(2 ** 60)).toBeNull();
  const found = await findMemoryFolder(1);
  // Other systems have none.
  if (found === null) return;
  const { type } = await statfs(found);
  expect(type, 'tmpfs').toBe(0x01021994);
});
