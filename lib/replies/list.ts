import 'server-only';
import { cutSql, wholeLengthSql } from '@/lib/db/cut-text';
import type { Reply } from '@/lib/db/generated/client';
import { numberColumn, senderColumn, whenColumn } from '@/lib/lists/columns';
import { computeField, declareAccountList, type RowOf } from '@/lib/lists/declare-list';
import { ruleLabelSql } from '@/lib/opt-outs/labels';
import { verdictLabels } from './labels';

/** What every list of replies shows of one, and says of it in its file. */
export const replyColumns = {
  msisdn: numberColumn,
  senderNumber: senderColumn,
  text: { id: 'reply', label: 'Reply', type: 'text', shownSql: cutSql('text') },
  verdict: { label: 'Verdict', type: 'words', words: verdictLabels, table: { canHide: false } },
  rule: { label: 'Rule', type: 'text', file: { sql: ruleLabelSql('rule'), written: 'rule' } },
  receivedAt: { ...whenColumn, file: { label: 'Received' } },
} as const;

export const replyFields = {
  /** How many characters it has when `text` is but its beginning; null: `text` is all of it. */
  wholeLength: computeField<number | null>(wholeLengthSql('text'), 'int4'),
};

export const replySearch = {
  label: 'Search by number or reply',
  placeholder: 'Number or reply',
  text: 'text',
} as const;

export const verdictFilter = {
  kind: 'several',
  name: 'verdict',
  label: 'Verdict',
  words: verdictLabels,
  of: 'verdict',
  type: 'verdict',
} as const;

/** The replies that an account got. */
export const replyList = declareAccountList<Reply>()({
  name: 'incoming',
  label: 'Incoming replies',
  file: { name: 'incoming', sheet: 'Incoming' },
  from: 'reply',
  at: 'received_at',
  search: replySearch,
  columns: replyColumns,
  computed: replyFields,
  filters: {
    // Most replies are neither; the index leaves them out.
    verdicts: { ...verdictFilter, isIndexed: (verdicts) => !verdicts.includes('NONE') },
  },
});

export type ReplyList = typeof replyList.view;
export type ReplyRow = RowOf<typeof replyList>;
