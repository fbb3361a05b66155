import 'server-only';
import { Pool } from 'pg';
import { sessionUrl } from '@/lib/db/session-url';
import { env } from '@/lib/env';
import { log } from '@/lib/log';

const kept = globalThis as typeof globalThis & { clientZoneUploadPool?: Pool };

/**
 * Connections for uploads alone, which hold one for as long as the file takes to arrive. There are as many as
 * there are places for uploads (lib/http/shares.ts); each takes up to 50 MB of memory, and a core while it
 * lasts.
 */
export function getUploadPool(): Pool {
  return (kept.clientZoneUploadPool ??= createUploadPool(env.DATABASE_URL));
}

export function createUploadPool(url: string): Pool {
  const pool = new Pool({
    connectionString: sessionUrl(url),
    max: env.UPLOADS_AT_ONCE,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 10_000,
    // An upload is one transaction, and as long as one is open nothing that it could see is vacuumed.
    statement_timeout: 15 * 60_000,
    idle_in_transaction_session_timeout: 60_000,
    application_name: 'client-zone upload',
  });
  pool.on('connect', (client) => {
    client.on('error', (err) => log.warn({ err }, 'An upload connection broke'));
  });
  pool.on('error', () => undefined);
  return pool;
}
