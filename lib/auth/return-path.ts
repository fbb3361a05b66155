/** The request header in which proxy.ts says which page was asked for; a page by itself does not know. */
export const requestedPathHeader = 'x-requested-path';

const longestPath = 1500;
/** Below the sign-in page, so that no way back leads to it. */
const secondStepPath = '/sign-in/second-step';
/** Pages that one cannot have wanted to come back to. */
const notPages = /^\/(?:sign-in|api|_next)(?:\/|$)/;

/**
 * The page of this site that somebody wanted before signing in: path, query and fragment. Null for everything
 * else: another site's address is never followed, however it is dressed up ("//evil.example",
 * "/\evil.example", "/.//evil.example", "/%5Cevil").
 */
export function readReturnPath(wanted: unknown): string | null {
  if (typeof wanted !== 'string' || wanted.length > longestPath || !wanted.startsWith('/')) return null;
  let url: URL;
  try {
    // What a browser would make of it: it drops tabs and line breaks, reads "\" as "/" and resolves "..".
    url = new URL(wanted, 'http://own.invalid');
  } catch {
    return null;
  }
  if (url.origin !== 'http://own.invalid' || url.username !== '' || hasOddCharacters(wanted)) return null;
  if (!isOwnPath(url.pathname) || notPages.test(url.pathname)) return null;
  return url.pathname + url.search + url.hash;
}

/** The sign-in page, with the way back; none to the home page, where one comes anyway. */
export function composeSignInPath(options: { hasEnded: boolean; to: string | null }): string {
  const query = new URLSearchParams();
  if (options.hasEnded) query.set('reason', 'ended');
  const to = readReturnPath(options.to);
  if (to !== null && to !== '/') query.set('to', to);
  return query.size === 0 ? '/sign-in' : `/sign-in?${query}`;
}

/** Where the second factor is asked for, with the way back. */
export function composeSecondStepPath(to: unknown): string {
  const path = readReturnPath(to);
  return path === null || path === '/'
    ? secondStepPath
    : `${secondStepPath}?${new URLSearchParams({ to: path })}`;
}

/** Where somebody goes who is signed in: to the page they wanted, unless it is none of theirs, else home. */
export function chooseLanding(home: '/' | '/admin' | '/accounts', wanted: unknown): string {
  const path = readReturnPath(wanted);
  if (path === null) return home;
  // To whoever belongs to no account little is open: that page, and an invitation.
  if (home === '/accounts') return /^\/invitation(?![^/?#])/.test(path) ? path : home;
  // Nobody is asked to sign in for a simulator that is open to everybody.
  const isForStaff = /^\/(?:admin|simulator)(?![^/?#])/.test(path);
  return isForStaff === (home === '/admin') ? path : home;
}

/** A proxy on the way may decode a path once or twice: it must be harmless then, too. */
function isOwnPath(pathname: string): boolean {
  let path = pathname;
  for (let times = 0; times < 3; times++) {
    if (!path.startsWith('/') || path.startsWith('//') || hasOddCharacters(path)) return false;
    try {
      path = decodeURIComponent(path);
    } catch {
      return false;
    }
  }
  return true;
}

function hasOddCharacters(text: string): boolean {
  return /[\\\u0000-\u001f\u007f-\u009f]/.test(text);
}
