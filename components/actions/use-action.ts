'use client';

import { startTransition, useCallback, useRef, useState } from 'react';
import type { ActionResult, Done, Refusal, Refused } from '@/lib/auth/schema';
import { callAction, type ActionCall, type Failure, type Outcome } from './call-action';
import { describeFailure, type ActionWords } from './describe-failure';

/** What stands in the way, in words, and what can be done about it. */
export interface ActionProblem {
  message: string;
  /** Makes the same call again. */
  tryAgain?: () => void;
  /** Only a page as new as the server can go on. */
  mustReload?: boolean;
}

export interface Action {
  /**
   * Makes a call, unless one is under way. What is refused is said: by `fieldProblems` where it is the
   * fields, else by `problem`.
   *
   * @param onDone may find that something stands in the way all the same, and returns that as a sentence
   */
  run: <Answer extends ActionResult>(
    call: ActionCall<Answer>,
    onDone: (answer: Done<Answer>) => string | undefined,
    options?: RunOptions<Answer>,
  ) => void;
  isPending: boolean;
  problem: ActionProblem | null;
  /**
   * What is wrong with what was typed, by the name of the field; of the fields that `useAction` was told of.
   */
  fieldProblems: Readonly<Record<string, string>>;
  /** For what is found before there is a call: "Write each hour like 08:00." */
  refuse: (message: string) => void;
  /** Forgets all that is said. */
  clear: () => void;
  /** Forgets what is said of fields that are being typed in again. */
  clearFields: (names: readonly string[]) => void;
}

interface RunOptions<Answer> {
  /** In place of those of the form, where they depend on what is done. */
  words?: ActionWords;
  /** Another page is on its way, as a redirect says. */
  onLeave?: () => void;
  /** For refusals that the form shows in its own way; the sentence it returns is shown as ever. */
  onRefused?: (refusal: Refused<Answer>) => string | undefined;
  /** There is no answer: what the page showed as done is to be put back. */
  onFailure?: (failure: Failure) => void;
}

/**
 * Makes calls that may run side by side; null: another page is on its way.
 *
 * @see useAction for the ordinary form, dialog or button
 */
export function useCaller(): <Answer>(call: ActionCall<Answer>) => Promise<Outcome<Answer> | null> {
  const [thrown, setThrown] = useState<{ error: unknown } | null>(null);
  // Next.js looks for its redirects and 404s where components are rendered.
  if (thrown) throw thrown.error;
  return useCallback(async (call) => {
    try {
      return await callAction(call);
    } catch (error) {
      startTransition(() => setThrown({ error }));
      return null;
    }
  }, []);
}

/** What to show when there was no answer. */
export function toProblem(failure: Failure, words: ActionWords, tryAgain: () => void): ActionProblem {
  const message = describeFailure(failure, words);
  return failure.kind === 'outdated' ? { message, mustReload: true } : { message, tryAgain };
}

/**
 * The way to call server actions: one call at a time, and whatever becomes of it is said. Not a transition:
 * that would be pending, and deaf to the next press, for as long as any other part of the page waits for the
 * server.
 *
 * @param fields those at which the form shows what is wrong with them
 */
export function useAction(words: ActionWords, fields: readonly string[] = []): Action {
  const [isPending, setIsPending] = useState(false);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const [fieldProblems, setFieldProblems] = useState<Readonly<Record<string, string>>>({});
  const isUnderWay = useRef(false);
  const caller = useCaller();

  async function make<Answer extends ActionResult>(
    ...[call, onDone, options = {}]: Parameters<typeof run<Answer>>
  ) {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setIsPending(true);
    setProblem(null);
    setFieldProblems({});
    const outcome = await caller(call);
    // Still pending, until the other page is there.
    if (!outcome) {
      options.onLeave?.();
      return;
    }
    isUnderWay.current = false;
    setIsPending(false);
    if (!outcome.isAnswered) {
      options.onFailure?.(outcome.failure);
      setProblem(toProblem(outcome.failure, options.words ?? words, () => run(call, onDone, options)));
      return;
    }
    const { answer } = outcome;
    const message = answer.ok ? onDone(answer as Done<Answer>) : refuseWith(answer, options);
    if (message) setProblem({ message });
  }

  function refuseWith<Answer extends ActionResult>(
    refusal: Refusal,
    { onRefused }: RunOptions<Answer>,
  ): string | undefined {
    if (onRefused) return onRefused(refusal);
    const wrong = refusal.fields ?? {};
    const names = Object.keys(wrong);
    if (names.length === 0 || !names.every((name) => fields.includes(name))) return refusal.message;
    setFieldProblems(wrong);
  }

  function run<Answer extends ActionResult>(
    call: ActionCall<Answer>,
    onDone: (answer: Done<Answer>) => string | undefined,
    options?: RunOptions<Answer>,
  ) {
    void make(call, onDone, options);
  }

  return {
    run,
    isPending,
    problem,
    refuse: (message) => setProblem({ message }),
    fieldProblems,
    clear: () => {
      setProblem(null);
      setFieldProblems({});
    },
    clearFields: (names) => {
      if (!names.some((name) => name in fieldProblems)) return;
      const others = Object.entries(fieldProblems).filter(([name]) => !names.includes(name));
      setFieldProblems(Object.fromEntries(others));
    },
  };
}
