import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { useState, useSyncExternalStore } from 'react';

export type PasskeyAnswer = { ok: true; answer: string } | { ok: false; message: string };

const noSubscription = () => () => undefined;

/** Whether this browser knows passkeys; false until its script runs. */
export function useKnowsPasskeys(): boolean {
  return useSyncExternalStore(
    noSubscription,
    () => typeof window.PublicKeyCredential === 'function',
    () => false,
  );
}

/** Asks the browser for a passkey, or for a new one. Never throws: what went wrong is said in words. */
export function usePasskey() {
  const [isAsking, setIsAsking] = useState(false);

  async function ask(work: () => Promise<unknown>): Promise<PasskeyAnswer> {
    setIsAsking(true);
    try {
      return { ok: true, answer: JSON.stringify(await work()) };
    } catch (error) {
      return { ok: false, message: explain(error) };
    } finally {
      setIsAsking(false);
    }
  }

  return {
    isAsking,
    /** A passkey that is there signs. */
    use: (options: PublicKeyCredentialRequestOptionsJSON) =>
      ask(async () => (await loadLibrary()).startAuthentication({ optionsJSON: options })),
    /** One is made. */
    make: (options: PublicKeyCredentialCreationOptionsJSON) =>
      ask(async () => (await loadLibrary()).startRegistration({ optionsJSON: options })),
  };
}

/** Not with the page: most visits need none of it. */
function loadLibrary() {
  return import('@simplewebauthn/browser');
}

function explain(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'InvalidStateError') return 'This device has a passkey of yours already.';
  if (name === 'NotAllowedError' || name === 'AbortError') {
    return 'No passkey answered: it was cancelled, it took too long, or this device has none of yours.';
  }
  if (name === 'SecurityError') {
    return 'Passkeys do not work at the address in your browser’s address bar. Open the Client Zone at its own address.';
  }
  if (name === 'ChunkLoadError' || name === 'TypeError') {
    return 'What passkeys need could not be loaded. Check your connection, reload the page and try again.';
  }
  return 'This device could not use a passkey. Try again, or use another way.';
}
