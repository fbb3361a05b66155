import { keepInCookie } from '@/components/ui/cookie';

/**
 * Which columns of a list someone has hidden is kept in a cookie, so that the server renders the list as they
 * left it.
 */
export function getColumnsCookieName(list: string): string {
  return `columns-${list}`;
}

/** Column ids as the cookie holds them: "rule.senderNumber". */
export function parseHiddenColumns(value: string | undefined): string[] {
  return value ? value.split('.').filter((id) => /^[a-z]+$/i.test(id)) : [];
}

export function rememberHiddenColumns(list: string, ids: readonly string[]): void {
  keepInCookie(getColumnsCookieName(list), ids.length === 0 ? null : ids.join('.'));
}
