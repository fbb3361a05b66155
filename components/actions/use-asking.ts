'use client';

import { useEffect, useState } from 'react';
import type { Refusal } from '@/lib/auth/schema';
import { prepareCall, type ServerAction } from './call-action';
import { toProblem, useCaller, type ActionProblem } from './use-action';

interface Asked<Answer> {
  /** The question, as JSON. */
  of: string;
  answer?: Answer;
  problem?: ActionProblem;
}

/** A question changes nothing, so there is nothing to be unsure of. */
const words = { undone: 'This cannot be told just now.', unsure: 'This cannot be told just now.' };

interface Asking<Answer> {
  /** To this question. */
  answer: Answer | null;
  /** To the one before, while this one is asked. */
  lastAnswer: Answer | null;
  isAsking: boolean;
  problem: ActionProblem | null;
}

/**
 * Asks the server about what is being typed, a moment after the last key press.
 *
 * @param action reads only
 * @param question made of plain values; null: there is nothing to ask
 */
export function useAsking<Question, Answer>(
  action: ServerAction<[Question], Answer>,
  question: Question | null,
  pauseMs: number,
): Asking<Answer | Refusal> {
  const [asked, setAsked] = useState<Asked<Answer | Refusal> | null>(null);
  const [attempt, setAttempt] = useState(0);
  const makeCall = useCaller();
  const of = question === null ? null : JSON.stringify(question);

  useEffect(() => {
    if (of === null) return;
    let isCurrent = true;
    const ask = async () => {
      const outcome = await makeCall(prepareCall(action, JSON.parse(of) as Question));
      if (!outcome || !isCurrent) return;
      setAsked(
        outcome.isAnswered
          ? { of, answer: outcome.answer }
          : { of, problem: toProblem(outcome.failure, words, () => setAttempt((count) => count + 1)) },
      );
    };
    const timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [action, of, pauseMs, attempt, makeCall]);

  const current = asked?.of === of ? asked : null;
  return {
    answer: current?.answer ?? null,
    lastAnswer: of === null ? null : (asked?.answer ?? null),
    isAsking: of !== null && !current,
    problem: current?.problem ?? null,
  };
}
