'use client';

import { signIn as nextAuthSignIn } from 'next-auth/react';

/** Signs in from the browser. Never throws: what went wrong is said in words. */
export async function signIn(
  username: string,
  password: string,
): Promise<{ ok: true } | { ok: false; message: string }> {
  try {
    const result = await nextAuthSignIn('credentials', { username, password, redirect: false });
    if (result?.ok && !result.error) return { ok: true };
    return { ok: false, message: explainRefusal(result?.error ?? '') };
  } catch {
    return {
      ok: false,
      message: 'The Client Zone could not be reached. Check your connection and try again.',
    };
  }
}

function explainRefusal(error: string): string {
  const throttled = /^throttled:(\d+)$/.exec(error);
  if (throttled) {
    const minutes = Math.ceil(Number(throttled[1]) / 60);
    return `Too many attempts. Wait ${minutes === 1 ? 'a minute' : `${minutes} minutes`} and try again.`;
  }
  if (error === 'suspended') return 'This sign-in has been suspended. Please contact support.';
  if (error === 'wrong') return 'The username or the password is not right. Check both and try again.';
  return 'Signing in did not work just now. Try again in a moment.';
}
