import { createHash, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import type { ReplicaView } from '@/lib/db/replica';
import { env } from '@/lib/env';
import { refreshQueues } from './queues';
import { metrics } from './registry';

export interface MetricsAnswer {
  status: 200 | 401 | 404;
  headers: Record<string, string>;
  body: string;
}

/**
 * What GET /metrics answers, in Prometheus' text format, to whoever shows METRICS_TOKEN as a bearer token.
 * While that is not set there is nothing here (docs/decisions/0049-metrics-and-readiness.md).
 *
 * @param pools of this process, by what they are for; the first is asked for the queues
 * @param replica what this process knows of its read replica, where it has one
 */
export async function answerMetrics(
  authorization: string | null | undefined,
  pools: { main: Pool } & Record<string, Pool>,
  replica: ReplicaView | null = null,
): Promise<MetricsAnswer> {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  if (env.METRICS_TOKEN === undefined) return { status: 404, headers, body: 'Not found.\n' };
  if (!isBearer(authorization, env.METRICS_TOKEN)) {
    return {
      status: 401,
      headers: { ...headers, 'www-authenticate': 'Bearer' },
      body: 'Send METRICS_TOKEN as a bearer token.\n',
    };
  }
  await refreshQueues(pools.main);
  for (const [name, pool] of Object.entries(pools)) showPool(name, pool);
  if (replica) showReplica(replica);
  return {
    status: 200,
    headers: { ...headers, 'content-type': metrics.registry.contentType },
    body: await metrics.registry.metrics(),
  };
}

function showPool(name: string, pool: Pool): void {
  metrics.connections.set({ pool: name, state: 'in_use' }, pool.totalCount - pool.idleCount);
  metrics.connections.set({ pool: name, state: 'idle' }, pool.idleCount);
  metrics.connectionsMost.set({ pool: name }, pool.options.max);
  metrics.waiting.set({ pool: name }, pool.waitingCount);
}

function showReplica({ state, lagBytes, reads }: ReplicaView): void {
  for (const one of ['used', 'behind', 'away'])
    metrics.replicaState.set({ state: one }, one === state ? 1 : 0);
  metrics.replicaLag.set(lagBytes ?? Number.NaN);
  metrics.replicaReads.reset();
  for (const [answered, count] of Object.entries(reads)) metrics.replicaReads.inc({ answered }, count);
}

function isBearer(authorization: string | null | undefined, token: string): boolean {
  const [scheme = '', offered = ''] = (authorization ?? '').split(' ');
  // Digests have equal lengths whatever was offered, so the time of the comparison tells nothing.
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return scheme.toLowerCase() === 'bearer' && timingSafeEqual(digest(offered), digest(token));
}
