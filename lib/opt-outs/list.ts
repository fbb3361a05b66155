import 'server-only';
import type { OptOut } from '@/lib/db/generated/client';
import { shownTextLength } from '@/lib/db/cut-text';
import { numberColumn, senderColumn, whenColumn } from '@/lib/lists/columns';
import { computeField, declareAccountList, type RowOf } from '@/lib/lists/declare-list';
import { ruleLabelSql, kindLabels, ruleGroupLabels } from './labels';

/** The numbers that an account may not write to. */
export const optOutList = declareAccountList<OptOut>()({
  name: 'opt-outs',
  label: 'Auto Opt-Outs',
  file: { name: 'auto-opt-outs', sheet: 'Auto Opt-Outs' },
  from: 'opt_out',
  at: 'created_at',
  search: { label: 'Search by number or reply', placeholder: 'Number or reply', text: 'reply_text' },
  columns: {
    msisdn: numberColumn,
    replyText: { id: 'reply', label: 'Reply', type: 'text' },
    rule: { label: 'Rule', type: 'text', file: { sql: ruleLabelSql('rule'), written: 'rule' } },
    kind: { label: 'How it came', type: 'words', words: kindLabels },
    senderNumber: senderColumn,
    createdAt: whenColumn,
  },
  computed: {
    /**
     * How many characters the reply has when `replyText` is but its beginning; null: it is all of it. What an
     * entry keeps is the beginning (shownTextLength); how much there is, the reply itself knows.
     */
    replyWholeLength: computeField<number | null>(
      `case when length(reply_text) >= ${shownTextLength} then (
      select nullif(length(reply.text), length(opt_out.reply_text)) from reply
      where reply.account_id = $1 and reply.id = opt_out.reply_id
    ) end`,
      'int4',
    ),
  },
  controls: { removal: { label: 'Removal', order: 10 } },
  filters: {
    kinds: {
      kind: 'several',
      name: 'kind',
      label: 'How it came',
      words: kindLabels,
      of: 'kind',
      type: 'opt_out_kind',
      isIndexed: true,
      // The index on rules has the kind before the list's order.
      allWith: 'rule',
    },
    rule: {
      kind: 'one',
      name: 'rule',
      label: 'Rule',
      words: ruleGroupLabels,
      of: `split_part(rule, ':', 1)`,
      type: 'text',
      isIndexed: true,
    },
  },
});

export type OptOutList = typeof optOutList.view;
export type OptOutRow = RowOf<typeof optOutList>;
