import type { PoolClient } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import type { AuditAction } from './schema';

export interface AuditRecord {
  action: AuditAction;
  /** What it was done to, for people: "W58324". */
  target: string;
  accountId: number | null;
  details: Record<string, unknown>;
}

const insertEntries = statement({
  name: 'insert-audit-entries',
  values: {
    userId: 'int4',
    entry: { action: 'text', target: 'text', accountId: 'int4?', details: 'jsonb' },
  },
  sql: ($) => `insert into audit_entry (user_id, action, target, target_account_id, details)
    select ${$.userId}, action, target, account_id, details from ${$.entry}`,
});

/** In place of who of the staff: the program did it by itself. */
const systemUserId = 0;

/** Writes down what the program did by itself, in the transaction that does it. */
export async function recordSystemAudit(client: PoolClient, record: AuditRecord): Promise<void> {
  await insertEntries.run(client, { userId: systemUserId, entry: [record] });
}

/**
 * Writes down what a member of staff did, in the transaction that does it: there is no one without the other.
 */
export async function recordAudit(
  client: PoolClient,
  scope: StaffReadScope,
  ...records: readonly AuditRecord[]
): Promise<void> {
  if (records.length === 0) return;
  await insertEntries.run(client, { userId: scope.userId, entry: records });
}
