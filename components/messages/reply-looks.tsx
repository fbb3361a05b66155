import { describeRule } from '@/lib/opt-outs/labels';
import type { ReplyRow } from '@/lib/replies/list';
import { VerdictBadge } from './verdict-badge';

/** How the columns of replies look, in whatever list of them. */
export const replyLooks = {
  reply: {
    width: undefined,
    from: undefined,
    card: 'body',
    cell: ({ text }: Pick<ReplyRow, 'text'>) =>
      text || <span className="text-ink-faint italic">Empty text</span>,
  },
  verdict: {
    width: 'w-30',
    from: undefined,
    card: 'aside',
    cell: ({ verdict }: Pick<ReplyRow, 'verdict'>) => <VerdictBadge verdict={verdict} />,
  },
  rule: { look: 'soft', cell: ({ rule }: Pick<ReplyRow, 'rule'>) => rule && describeRule(rule) },
} as const;
