import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { prepareDataDir } from '@/lib/db/embedded/data-dir';

test('logs lie in a folder that is closed to others; DATA_DIR itself is not', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'data-dir-'));
  try {
    const dataDir = await prepareDataDir(path.join(folder, 'new', 'data'));
    const modes = await Promise.all([dataDir, path.join(dataDir, 'logs')].map((made) => stat(made)));
    // PostgreSQL's own user goes through DATA_DIR, if the process's umask lets it.
    expect(modes.map(({ mode }) => (mode & 0o077) === 0)).toEqual([
      (process.umask() & 0o077) === 0o077,
      true,
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
