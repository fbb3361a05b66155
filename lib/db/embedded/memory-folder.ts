import { statfs } from 'node:fs/promises';

const sharedMemory = '/dev/shm';

/**
 * A folder in memory, where there is one with this much room (bytes): a database for a test is some thousand
 * small files that are made and removed within seconds, and an ext4 without a journal, as on some build
 * machines, looks at each inode that was freed in the last minutes before it takes one (up to 300 ms of
 * processor for a database of 670 tables and indexes, 21 in memory).
 *
 * @returns null where there is none: another system, a container with little shared memory, a small machine
 */
export async function findMemoryFolder(room: number): Promise<string | null> {
  // The size of such a file system is a limit, and says nothing of the memory that is left.
  if (process.availableMemory() < room) return null;
  const found = await statfs(sharedMemory).catch(() => null);
  return found && found.bavail * found.bsize >= room ? sharedMemory : null;
}
