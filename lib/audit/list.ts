import 'server-only';
import type { AuditEntry } from '@/lib/db/generated/client';
import { computeField, declareColumns, type RowOf } from '@/lib/lists/declare-list';
import { auditActions } from './schema';

/** What the staff did; read beside the names of those who did it (./queries.ts). */
export const auditList = declareColumns<AuditEntry>()({
  name: 'audit',
  label: 'Audit log',
  from: 'audit_entry',
  search: { label: 'Search by target, number or reason', placeholder: 'Target, number or reason' },
  narrowing: ['q', 'action', 'user', 'account', 'from', 'to'],
  columns: {
    createdAt: { id: 'when', label: 'When', type: 'time', table: { order: 2 } },
    userName: {
      id: 'who',
      label: 'Who',
      type: 'text',
      sql: 'portal_user.name',
      shownSql: `coalesce(portal_user.name, case when user_id = 0 then 'Client Zone' else 'Staff ' || user_id end)`,
      isThere: true,
      table: { canHide: false, order: 1 },
    },
    action: {
      label: 'What',
      type: 'words',
      words: auditActions,
      table: { canHide: false },
      file: { id: 'what' },
    },
    target: { label: 'To what', type: 'text' },
    accountId: { id: 'account', label: 'Account', type: 'integer', sql: 'target_account_id' },
    reason: { label: 'Reason', type: 'text', sql: `(details ->> 'reason')`, isFileOnly: true },
    detailsText: { id: 'details', label: 'Details', type: 'text', sql: 'details::text', isFileOnly: true },
  },
  fields: ['userId'],
  computed: { details: computeField<Record<string, unknown>>('details', 'jsonb') },
});

export type AuditList = typeof auditList.view;
export type AuditRow = RowOf<typeof auditList>;
