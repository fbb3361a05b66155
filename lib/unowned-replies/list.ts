import 'server-only';
import type { UnownedReply as StoredReply } from '@/lib/db/generated/client';
import { computeField, declareStaffList, type RowOf } from '@/lib/lists/declare-list';
import { replyColumns, replyFields, replySearch, verdictFilter } from '@/lib/replies/list';
import { unownedStateLabels } from './labels';

const accountNameSql = '(select name from account where account.id = assigned_account_id)';
const deciderSql = '(select name from portal_user where portal_user.id = decided_by)';

interface Decision {
  /** Null: noted, not assigned. */
  account: { id: number; name: string } | null;
  by: string;
  /** ISO 8601. */
  at: string;
  reason: string;
}

/** The replies that belonged to no account when they came. */
export const unownedList = declareStaffList<StoredReply>()({
  name: 'unowned-replies',
  label: 'Replies without an owner',
  file: { name: 'replies', sheet: 'Replies without an owner' },
  from: 'unowned_reply',
  at: 'received_at',
  search: {
    ...replySearch,
    // One index knows the trigrams of the texts and of the numbers.
    findByNumberPart: (condition) => [condition],
  },
  columns: {
    ...replyColumns,
    verdict: { ...replyColumns.verdict, table: false },
    rule: { ...replyColumns.rule, table: false },
    state: { label: 'State', type: 'words', words: unownedStateLabels, table: { canHide: false } },
    /** Its name on the screen, its number in the file. */
    accountName: {
      id: 'account',
      label: 'Account',
      type: 'text',
      sql: accountNameSql,
      file: { type: 'words', sql: `'W' || assigned_account_id` },
    },
    decisionReason: { id: 'reason', label: 'Reason', type: 'text', isFileOnly: true },
    deciderName: { id: 'by', label: 'Decided by', type: 'text', sql: deciderSql, isFileOnly: true },
    decidedAt: { id: 'decided', label: 'Decided', type: 'time', isFileOnly: true },
  },
  computed: {
    ...replyFields,
    /** Set once it is ASSIGNED or NOTED. */
    decision: computeField<Decision | null>(
      `case when decided_at is not null then json_build_object(
      'account', case when assigned_account_id is not null then json_build_object('id', assigned_account_id,
        'name', coalesce(${accountNameSql}, 'Account ' || assigned_account_id)) end,
      'by', coalesce(${deciderSql}, 'Our staff'), 'at', decided_at, 'reason', coalesce(decision_reason, '')) end`,
      'json',
    ),
  },
  filters: {
    states: {
      kind: 'several',
      name: 'state',
      label: 'State',
      words: unownedStateLabels,
      of: 'state',
      type: 'unowned_reply_state',
      isIndexed: true,
    },
    verdicts: verdictFilter,
  },
});

export type UnownedList = typeof unownedList.view;
export type UnownedReply = RowOf<typeof unownedList>;
