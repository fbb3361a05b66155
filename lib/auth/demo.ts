import 'server-only';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { env, isReachableByOthers } from '@/lib/env';

const demoSignInsSchema = z.array(
  z.object({ role: z.string(), username: z.string(), password: z.string(), note: z.string() }),
);

/**
 * Who can sign in to the demo, as the sign-in page offers it: what the start command wrote down when it
 * filled an empty database. An installation without the demo has no such file, and offers nobody; nor does
 * one that others reach, which does not start with those passwords (scripts/demo-check.ts).
 */
export async function listDemoSignIns(): Promise<{ username: string; password: string; who: string }[]> {
  if (isReachableByOthers(env)) return [];
  const file = path.join(/* turbopackIgnore: true */ env.DATA_DIR, 'demo-sign-ins.json');
  const written = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]';
    throw error;
  });
  return demoSignInsSchema.parse(JSON.parse(written)).map(({ role, username, password, note }) => ({
    username,
    password,
    who: role === 'Staff' ? `Staff of ${note}` : note,
  }));
}
