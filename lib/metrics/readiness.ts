import type { Pool } from 'pg';
import { findMissingBasis, type NeededPart } from '@/lib/db/health';
import { isStopping } from '@/lib/http/stopping';

export interface Readiness {
  status: 200 | 503;
  body: { status: 'ready' } | { status: 'not ready'; failed: NeededPart | 'stopping' | 'listener' };
}

/**
 * What GET /readyz answers: whether this process is to be sent requests. Other than /healthz it says nothing
 * of the other processes: a web without a worker still has pages to show.
 */
export async function readReadiness(pool: Pool, isListening = true): Promise<Readiness> {
  // First of all, and without the database: whoever stops is to get nothing new, whatever else is true.
  const failed = isStopping() ? 'stopping' : isListening ? await findMissingBasis(pool) : 'listener';
  if (failed !== null) return { status: 503, body: { status: 'not ready', failed } };
  return { status: 200, body: { status: 'ready' } };
}
