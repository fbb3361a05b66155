import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';

const schema = z.object({
  /** Names the data folder when it cannot lie within DATA_DIR. */
  id: z.string(),
  /** The real path of the DATA_DIR this belongs to: tells a moved folder from a copied one. */
  dataDir: z.string(),
  /** Where PostgreSQL's files are; null until they have been made. */
  dataFolder: z.string().nullable(),
  /** The owner's, who migrates. */
  password: z.string(),
  /** The program's. Missing in a folder from before there was such a user. */
  programPassword: z.string().default(() => makePassword()),
  /** The port of the last run, used again while it is free. */
  port: z.number().nullable(),
  /** The processes of the last run. */
  guardPid: z.number().nullable(),
  supervisorPid: z.number().nullable(),
});

/** What DATA_DIR/postgresql.json holds: how to reach the embedded database of this DATA_DIR. */
export type EmbeddedSettings = z.infer<typeof schema>;

function settingsFile(dataDir: string): string {
  return path.join(dataDir, 'postgresql.json');
}

/** The settings kept in a data folder, or null when it has none yet. */
export async function readSettings(dataDir: string): Promise<EmbeddedSettings | null> {
  const file = settingsFile(dataDir);
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const result = schema.safeParse(parseJson(content));
  if (result.success) return result.data;
  throw new EmbeddedError(
    `${file} is damaged. Restore it from a backup: it holds the password of the database beside it.`,
  );
}

function makePassword(): string {
  return randomBytes(24).toString('base64url');
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return null;
  }
}

/** Makes the settings of a new data folder; of two that try at once, both get the first one's. */
export async function createSettings(dataDir: string): Promise<EmbeddedSettings> {
  const settings: EmbeddedSettings = {
    id: randomBytes(6).toString('hex'),
    dataDir,
    dataFolder: null,
    password: makePassword(),
    programPassword: makePassword(),
    port: null,
    guardPid: null,
    supervisorPid: null,
  };
  const half = await writeHalf(dataDir, settings);
  try {
    // A link, unlike a rename, fails when the name is taken.
    await link(half, settingsFile(dataDir));
    return settings;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readSettings(dataDir)) ?? settings;
  } finally {
    await rm(half, { force: true });
  }
}

export async function writeSettings(dataDir: string, settings: EmbeddedSettings): Promise<void> {
  await rename(await writeHalf(dataDir, settings), settingsFile(dataDir));
}

async function writeHalf(dataDir: string, settings: EmbeddedSettings): Promise<string> {
  const half = `${settingsFile(dataDir)}.${randomBytes(4).toString('hex')}`;
  await writeFile(half, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  return half;
}
