import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseEnv } from '@/lib/env';
import { keepSecrets } from './secrets';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'client-zone-secrets-'));
});
afterEach(() => rm(dataDir, { recursive: true }));

describe('keepSecrets', () => {
  test('makes them once, for nobody else to read', async () => {
    const secrets = await keepSecrets(dataDir, parseEnv({}));
    expect(secrets.AUTH_SECRET).not.toBe(secrets.CARRIER_SECRET);
    expect(secrets.AUTH_SECRET.length).toBeGreaterThanOrEqual(32);
    expect(await keepSecrets(dataDir, parseEnv({}))).toEqual(secrets);
    const { mode } = await stat(path.join(dataDir, 'secrets.json'));
    expect(mode & 0o077).toBe(0);
  });

  test('prefers those that are set', async () => {
    const given = 'a-secret-that-somebody-has-set-by-hand';
    const kept = await keepSecrets(dataDir, parseEnv({}));
    expect(await keepSecrets(dataDir, parseEnv({ AUTH_SECRET: given }))).toEqual({
      ...kept,
      AUTH_SECRET: given,
    });
  });

  test('does not replace a damaged file', async () => {
    await writeFile(path.join(dataDir, 'secrets.json'), '{"AUTH_SECRET":');
    await expect(keepSecrets(dataDir, parseEnv({}))).rejects.toThrow(/is damaged/);
  });
});
