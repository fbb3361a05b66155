import { readOrBlame } from '@/lib/db/content-errors';
import { classifyReply, type Keyword, type Verdict } from '@/lib/opt-outs/matcher';
import type { IncomingReply } from './schema';

/** What a reply is taken for, and why. */
export interface Reading {
  verdict: Verdict;
  rule: string | null;
}

/** The rules of replies that are not what their text says. */
const partRules = { wish: 'review:lone-part', other: 'lone-part' } as const;
const receiptRule = 'receipt';
/** Of a wish that came so late that its recipient has said YES since. */
export const lateRule = 'review:late';

/**
 * Reads a reply, as whoever wrote it meant it. "Stop" in a part alone may be the middle of "please don't
 * stop": a person looks at it. What the network says of a message is nobody's wish.
 */
export function readReply(
  reply: Pick<IncomingReply, 'text' | 'kind'>,
  keywords: readonly Keyword[],
): Reading {
  if (reply.kind === 'receipt') return { verdict: 'none', rule: receiptRule };
  const { verdict, rule } = readOrBlame(() => classifyReply(reply.text, keywords));
  if (reply.kind !== 'part') return { verdict, rule };
  // One rule for all: by it a part is still known as one when it is read again.
  return verdict === 'none'
    ? { verdict, rule: partRules.other }
    : { verdict: 'review', rule: partRules.wish };
}

/** Of which kind a stored reply is, by its rule. */
export function findKind(rule: string | null): IncomingReply['kind'] {
  if (rule === receiptRule) return 'receipt';
  return rule === partRules.wish || rule === partRules.other ? 'part' : undefined;
}
