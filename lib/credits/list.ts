import 'server-only';
import type { CreditEntry } from '@/lib/db/generated/client';
import { whenColumn } from '@/lib/lists/columns';
import { declareAccountList, type RowOf } from '@/lib/lists/declare-list';
import { entryKindLabels } from './schema';

/** What changed the credits of an account, and what was left each time. */
export const ledgerList = declareAccountList<CreditEntry>()({
  name: 'credits',
  label: 'Credits',
  file: { name: 'credits', sheet: 'Credits' },
  from: 'credit_entry',
  at: 'created_at',
  search: {
    label: 'Search by reference',
    placeholder: 'Reference',
    text: 'reference',
    hasNoNumber: true,
  },
  columns: {
    createdAt: { ...whenColumn, table: { ...whenColumn.table, canHide: false } },
    kind: { label: 'What', type: 'words', words: entryKindLabels, table: { canHide: false, order: 1 } },
    about: {
      label: 'Details',
      type: 'text',
      table: { order: 2 },
      sql: `case credit_entry.kind
        when 'SEND' then (
          select left(message_batch.text, 200) from message_batch
          where message_batch.account_id = $1 and message_batch.id = credit_entry.batch_id
        )
        when 'TRANSFER' then (
          select case when credit_entry.amount < 0 then 'To W' else 'From W' end || other.id || ', ' || other.name
          from account as other where other.id = credit_entry.other_account_id
        )
        else credit_entry.note
      end`,
    },
    reference: { label: 'Reference', type: 'text', table: { order: 3 } },
    amount: { label: 'Credits', type: 'integer', table: { canHide: false, order: 4 } },
    balanceAfter: { id: 'balance', label: 'Balance', type: 'integer', table: { canHide: false, order: 5 } },
  },
  fields: ['batchId'],
  filters: {
    kinds: {
      kind: 'several',
      name: 'kind',
      label: 'What',
      words: entryKindLabels,
      of: 'kind',
      type: 'credit_entry_kind',
      isIndexed: true,
    },
  },
});

export type LedgerList = typeof ledgerList.view;
export type LedgerRow = RowOf<typeof ledgerList>;
