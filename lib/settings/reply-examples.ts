import { classifyReply, type Keyword } from '@/lib/opt-outs/matcher';
import type { ReplyExample } from './schema';

const texts = [
  'Stop',
  'STOP!!',
  'Unsubscribe',
  'Stop sending me this',
  'Opt-out please',
  'Stop. Thank you',
  'please take me off your list',
  'sotp',
  'I’ll stop by on Saturday',
  'Thanks, see you at the end of the month',
];

/** Replies as people write them, each with what really becomes of it in this account. */
export function composeReplyExamples(keywords: readonly Keyword[]): ReplyExample[] {
  return texts.map((text) => {
    const { verdict, rule } = classifyReply(text, keywords);
    return { text, verdict, rule };
  });
}
