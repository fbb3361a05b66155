import type { PoolClient } from 'pg';
import { recordActsOfStaff, type ActivityKind } from '@/lib/auth/activity';
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
 * What staff do to an account that its own activity tells as well, of the provider's staff as a house:
 * without the reason, which is the staff's, and without numbers of people, which stay with what is theirs.
 */
const toldToAccount: Partial<Record<AuditAction, ActivityKind>> = {
  'account.view': 'staff.view',
  'account.suspend': 'staff.suspend',
  'account.reinstate': 'staff.reinstate',
  'account.make-full': 'staff.make-full',
  'account.top-up': 'staff.top-up',
  'account.correct-credits': 'staff.correct-credits',
  'opt-out.add': 'staff.add-opt-out',
  'opt-out.correct': 'staff.correct-opt-out',
  'removal-request.approve': 'staff.approve-removal',
  'removal-request.reject': 'staff.reject-removal',
  'reply.assign': 'staff.assign-reply',
};

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
  const acts = records.flatMap(({ action, accountId, details: { credits, reference, msisdn } }) => {
    const kind = toldToAccount[action];
    if (kind === undefined || accountId === null) return [];
    return [
      { accountId, kind, details: { credits, reference, numbers: msisdn === undefined ? undefined : 1 } },
    ];
  });
  await recordActsOfStaff(client, scope.userId, acts, new Date());
}
