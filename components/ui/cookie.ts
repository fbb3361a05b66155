/**
 * A choice of this browser's, kept in a cookie so that the server renders by it. Removed with what it was set
 * with: with another path a browser would keep it.
 *
 * @param value null removes it
 */
export function keepInCookie(
  name: string,
  value: string | null,
  { path = '/', maxAgeSeconds = 31_536_000 }: { path?: string; maxAgeSeconds?: number } = {},
): void {
  const secure = window.location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${value ?? ''}; path=${path}; max-age=${value === null ? 0 : maxAgeSeconds}; samesite=lax${secure}`;
}
