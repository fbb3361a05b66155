import 'server-only';
import { Pool, type PoolConfig } from 'pg';
import { sessionUrl } from '@/lib/db/session-url';
import { env } from '@/lib/env';
import { log } from '@/lib/log';

const kept = globalThis as typeof globalThis & { clientZoneDownloadPool?: Pool };

/**
 * Connections for downloads alone. A slow reader holds one for as long as the file takes; from the pool of
 * the pages, ten of them would stop the whole Client Zone. There are as many as there are places for
 * downloads (lib/http/shares.ts).
 */
export function getDownloadPool(): Pool {
  return (kept.clientZoneDownloadPool ??= createDownloadPool(env.DATABASE_URL));
}

/** @param options as of createDatabase */
export function createDownloadPool(
  url: string,
  options: Pick<PoolConfig, 'verify' | 'connectionTimeoutMillis'> = {},
): Pool {
  const pool = new Pool({
    connectionString: sessionUrl(url),
    max: env.DOWNLOADS_AT_ONCE,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 10_000,
    statement_timeout: 3_600_000,
    application_name: 'client-zone download',
    ...options,
  });
  pool.on('error', (err) => log.warn({ err }, 'An idle download connection broke'));
  return pool;
}
