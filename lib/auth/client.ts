'use client';

type SignInAnswer = { ok: true } | { ok: false; message: string };

/** Signs in with username and password; as {@link signInBy}. */
export function signIn(username: string, password: string): Promise<SignInAnswer> {
  return signInBy('credentials', { username, password });
}

/** Signs in by what a passkey has answered, as JSON; as {@link signInBy}. */
export function signInWithPasskey(response: string): Promise<SignInAnswer> {
  return signInBy('passkey', { response });
}

/**
 * Signs in from the browser. Never throws: what went wrong is said in words. next-auth's own `signIn` leaves
 * the page for an error page of the server when the server cannot be reached, and with it goes what was
 * typed; these are the two requests that it makes otherwise.
 */
async function signInBy(
  provider: 'credentials' | 'passkey',
  fields: Readonly<Record<string, string>>,
): Promise<SignInAnswer> {
  try {
    const { csrfToken = '' } = await ask<{ csrfToken?: string }>('/api/auth/csrf');
    const { url, isOk } = await ask<{ url?: string }>(`/api/auth/callback/${provider}`, {
      method: 'POST',
      body: new URLSearchParams({ csrfToken, ...fields, json: 'true' }),
    });
    const error = url === undefined ? null : new URL(url, window.location.href).searchParams.get('error');
    return isOk && error === null ? { ok: true } : { ok: false, message: explainRefusal(error ?? '') };
  } catch {
    return {
      ok: false,
      message: navigator.onLine
        ? 'The Client Zone could not be reached, so you are not signed in. Try again in a moment.'
        : 'You are offline, so you are not signed in. Check your connection and try again.',
    };
  }
}

/** @throws when there is no answer, or one that is not the server's own */
async function ask<Answer>(path: string, request?: RequestInit): Promise<Answer & { isOk: boolean }> {
  const response = await fetch(path, request);
  return { ...((await response.json()) as Answer), isOk: response.ok };
}

function explainRefusal(error: string): string {
  const throttled = /^throttled:(\d+)$/.exec(error);
  if (throttled) {
    const minutes = Math.ceil(Number(throttled[1]) / 60);
    return `Too many attempts. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.`;
  }
  if (error === 'suspended') return 'This sign-in has been suspended. Please contact support.';
  if (error === 'wrong') return 'The username or the password is not right. Check both and try again.';
  if (error === 'passkey') {
    return 'This passkey is not known here: it may have been removed, or it took too long. Try again, or sign in with your password.';
  }
  return 'Signing in did not work just now. Try again in a moment.';
}
