import type { PoolClient } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';
import type { AuditAction } from './schema';

export interface AuditRecord {
  action: AuditAction;
  /** What it was done to, for people: "W58324". */
  target: string;
  accountId: number | null;
  details: Record<string, unknown>;
}

/** Writes down what a member of staff did, in the transaction that does it: there is no one without the other. */
export async function recordAudit(
  client: PoolClient,
  scope: StaffScope,
  ...records: readonly AuditRecord[]
): Promise<void> {
  if (records.length === 0) return;
  await client.query(
    `insert into audit_entry (user_id, action, target, target_account_id, details)
     select $1, action, target, account_id, details
     from unnest($2::text[], $3::text[], $4::int[], $5::jsonb[]) as record (action, target, account_id, details)`,
    [
      scope.userId,
      records.map(({ action }) => action),
      records.map(({ target }) => target),
      records.map(({ accountId }) => accountId),
      records.map(({ details }) => JSON.stringify(details)),
    ],
  );
}
