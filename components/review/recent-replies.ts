import { keepInCookie } from '@/components/ui/cookie';

/**
 * Which replies were decided about in this browser lately is kept in a cookie, so that the server renders
 * what can still be undone after a reload, too. It holds ids alone; what they stand for is read anew, for who
 * is signed in.
 */
export const recentRepliesCookie = 'recent-decisions';

const kept = 10;
const keptForSeconds = 10 * 60;

/** Reply ids as the cookie holds them, the latest first: "1042.1040". */
export function parseReplyIds(value: string | undefined): string[] {
  return value
    ? value
        .split('.')
        .filter((id) => /^[0-9]{1,18}$/.test(id))
        .slice(0, kept)
    : [];
}

/** The ids with this one in front. */
export function addReplyId(value: string | undefined, id: string): string {
  const others = parseReplyIds(value).filter((other) => other !== id);
  return [id, ...others].slice(0, kept).join('.');
}

export function rememberDecision(replyId: string): void {
  const [, value] = new RegExp(`(?:^|; )${recentRepliesCookie}=([^;]*)`).exec(document.cookie) ?? [];
  const ids = addReplyId(value, replyId);
  keepInCookie(recentRepliesCookie, ids, { path: '/messages/review', maxAgeSeconds: keptForSeconds });
}
