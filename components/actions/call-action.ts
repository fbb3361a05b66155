import { unstable_isUnrecognizedActionError, unstable_rethrow } from 'next/navigation';
import type { Refusal } from '@/lib/auth/schema';
import { keepDrafts } from './draft-store';
import { isOffline } from './is-offline';
import { readShownAccount } from './shown-account';

/**
 * A server action as a page hands it to a component. It is not called like a function there: a call can fail
 * in more ways than its answer says. It is prepared with `prepareCall` and made with `useAction`, or with
 * `callAction`. That calling it is "deprecated" is how lint finds each call.
 *
 * `Answer` is what it says when it was done, and of refusals those that tell more than a `Refusal`, which
 * every action may answer.
 */
export interface ServerAction<Args extends readonly unknown[], Answer = { ok: true }> {
  /** @deprecated Make it with useAction (or callAction) and prepareCall. */
  (...args: Args): Promise<Answer | Refusal>;
}

const send = Symbol('send');

/** An action with what it is called with: can be made, and made again. */
export interface ActionCall<Answer> {
  readonly [send]: () => Promise<Answer>;
}

export function prepareCall<Args extends readonly [input?: unknown], Answer>(
  action: ServerAction<Args, Answer>,
  ...args: Args
): ActionCall<Answer | Refusal> {
  // Besides its input: whose account the page shows. The actions of an account compare it with the session's
  // (lib/auth/make-action.ts); others do not look.
  const [input] = args;
  const act = action as ServerAction<readonly unknown[], Answer>;
  // Were this call not found by lint, the comment would be reported as one too many.
  // oxlint-disable-next-line typescript/no-deprecated
  return { [send]: () => act(input, readShownAccount()) };
}

/** Why there is no answer. */
export interface Failure {
  /**
   * `offline`: this device has no network. `unreachable`: the request or the answer was lost on the way.
   * `outdated`: the server has been replaced, and does not know what this page asks for. `broken`: the server
   * itself failed.
   */
  kind: 'offline' | 'unreachable' | 'outdated' | 'broken';
  /**
   * Nothing was done. Otherwise nobody knows: what reached the server may have been done before the answer
   * was lost.
   */
  isUndone: boolean;
  /** What support finds the server's own report by. */
  code?: string;
}

export type Outcome<Answer> = { isAnswered: true; answer: Answer } | { isAnswered: false; failure: Failure };

/**
 * Makes a call. Whatever has been typed on the page is kept (`useDraft`) when there is no answer, and when
 * the session has ended.
 *
 * @throws what Next.js leads to another page by: redirects and 404s. `useAction` hands them on.
 */
export async function callAction<Answer>(call: ActionCall<Answer>): Promise<Outcome<Answer>> {
  const wasOffline = isOffline();
  try {
    return { isAnswered: true, answer: await call[send]() };
  } catch (error) {
    if (isForNext(error)) {
      if (leadsToSignIn(error)) keepDrafts();
      throw error;
    }
    keepDrafts();
    return { isAnswered: false, failure: explain(error, wasOffline && isOffline()) };
  }
}

function explain(error: unknown, hadNoNetwork: boolean): Failure {
  if (unstable_isUnrecognizedActionError(error)) return { kind: 'outdated', isUndone: true };
  // React gives an exception of the server no more than this.
  if (error instanceof Error && 'digest' in error) {
    return { kind: 'broken', isUndone: false, code: String(error.digest) };
  }
  return hadNoNetwork ? { kind: 'offline', isUndone: true } : { kind: 'unreachable', isUndone: false };
}

function isForNext(error: unknown): boolean {
  try {
    unstable_rethrow(error);
    return false;
  } catch {
    return true;
  }
}

/** By the digest of what `redirect` throws: "NEXT_REDIRECT;push;/sign-in?reason=ended;307;". */
function leadsToSignIn(error: unknown): boolean {
  if (!(error instanceof Error) || !('digest' in error)) return false;
  const [name, , path = ''] = String(error.digest).split(';');
  return name === 'NEXT_REDIRECT' && /^\/sign-in\b/.test(path);
}
