import { cookies } from 'next/headers';
import { parseReplyIds, recentRepliesCookie } from './recent-replies';

/** The replies that were decided about in this browser lately, the latest first. */
export async function readRecentReplies(): Promise<string[]> {
  return parseReplyIds((await cookies()).get(recentRepliesCookie)?.value);
}
