'use client';

import { startTransition, useCallback, useRef, useState } from 'react';
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
   * Makes a call, unless one is under way.
   *
   * @param onAnswer looks at the answer; the sentence it returns is what stands in the way
   */
  run: <Answer>(
    call: ActionCall<Answer>,
    onAnswer: (answer: Answer) => string | undefined,
    options?: RunOptions,
  ) => void;
  isPending: boolean;
  problem: ActionProblem | null;
  /** For what is found before there is a call: "Write each hour like 08:00." */
  refuse: (message: string) => void;
  clear: () => void;
}

interface RunOptions {
  /** In place of those of the form, where they depend on what is done. */
  words?: ActionWords;
  /** Another page is on its way, as a redirect says. */
  onLeave?: () => void;
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
 * The way to call server actions: one call at a time, and whatever becomes of it is said. Not a transition: that would be pending,
 * and deaf to the next press, for as long as any other part of the page waits for the server.
 */
export function useAction(words: ActionWords): Action {
  const [isPending, setIsPending] = useState(false);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const isUnderWay = useRef(false);
  const caller = useCaller();

  async function make<Answer>(...[call, onAnswer, options = {}]: Parameters<typeof run<Answer>>) {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    setIsPending(true);
    setProblem(null);
    const outcome = await caller(call);
    // Still pending, until the other page is there.
    if (!outcome) {
      options.onLeave?.();
      return;
    }
    isUnderWay.current = false;
    setIsPending(false);
    if (outcome.isAnswered) {
      const message = onAnswer(outcome.answer);
      if (message) setProblem({ message });
    } else {
      options.onFailure?.(outcome.failure);
      setProblem(toProblem(outcome.failure, options.words ?? words, () => run(call, onAnswer, options)));
    }
  }

  function run<Answer>(
    call: ActionCall<Answer>,
    onAnswer: (answer: Answer) => string | undefined,
    options?: RunOptions,
  ) {
    void make(call, onAnswer, options);
  }

  return {
    run,
    isPending,
    problem,
    refuse: (message) => setProblem({ message }),
    clear: () => setProblem(null),
  };
}
