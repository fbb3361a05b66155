import type { PoolClient } from 'pg';
import { statement } from '@/lib/db/statement';
import { notifySessionsEnded } from './sessions';

const deleteSessions = statement({
  name: 'end-sessions-of-user',
  values: { userId: 'int4', keptId: 'uuid?' },
  sql: ($) => `delete from user_session where user_id = ${$.userId} and id is distinct from ${$.keptId}`,
});

/**
 * Ends all sessions of somebody, in the transaction of what they have changed; their event streams end with
 * it.
 *
 * @param keptId the session in which they did it; null: none is kept
 * @returns how many
 */
export async function endSessionsOf(
  client: PoolClient,
  userId: number,
  keptId: string | null = null,
): Promise<number> {
  const ended = await deleteSessions.run(client, { userId, keptId });
  if (ended > 0) await notifySessionsEnded(client);
  return ended;
}
