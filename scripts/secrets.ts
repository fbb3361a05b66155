import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { Env } from '@/lib/env';
import { StageError } from './stage.mjs';

const schema = z.object({ AUTH_SECRET: z.string().min(32), CARRIER_SECRET: z.string().min(32) });
export type Secrets = z.infer<typeof schema>;

/**
 * The secrets set in the environment, and for those that are not the data folder's own, made the first time.
 */
export async function keepSecrets(dataDir: string, env: Env): Promise<Secrets> {
  const kept = await readOrMakeSecrets(dataDir);
  return {
    AUTH_SECRET: env.isSet('AUTH_SECRET') ? env.AUTH_SECRET : kept.AUTH_SECRET,
    CARRIER_SECRET: env.isSet('CARRIER_SECRET') ? env.CARRIER_SECRET : kept.CARRIER_SECRET,
  };
}

async function readOrMakeSecrets(dataDir: string): Promise<Secrets> {
  const file = path.join(dataDir, 'secrets.json');
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new StageError(
        `${file} is damaged. Remove it: new secrets are made, and everybody signs in again.`,
      );
    }
  }
  const secret = () => randomBytes(32).toString('base64url');
  const secrets = { AUTH_SECRET: secret(), CARRIER_SECRET: secret() };
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return secrets;
}
