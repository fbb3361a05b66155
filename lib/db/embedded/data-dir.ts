import { access, constants, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';

/**
 * Makes DATA_DIR with its folder for logs; answers with its real path. Throws an {@link EmbeddedError} if it
 * cannot be used.
 */
export async function prepareDataDir(dataDirectory: string): Promise<string> {
  try {
    await mkdir(dataDirectory, { recursive: true });
    // Closed to others, as its files are; not DATA_DIR itself, through which PostgreSQL's own user must go.
    await mkdir(path.join(dataDirectory, 'logs'), { recursive: true, mode: 0o700 });
    await access(dataDirectory, constants.W_OK);
    return await realpath(dataDirectory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new EmbeddedError(
      `The data folder ${path.resolve(dataDirectory)} cannot be written (${code}). Allow it, or set DATA_DIR to another folder.`,
      { cause: error },
    );
  }
}
