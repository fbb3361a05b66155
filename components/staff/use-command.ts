'use client';

import { unstable_rethrow } from 'next/navigation';
import { useState, useTransition } from 'react';

/** What a server action of the staff answers; `message` says, for people, why it was not done. */
export type CommandAnswer = { ok: true } | { ok: false; message: string };

const unreachable =
  'The server could not be reached. Reload the page to see whether it was done, then try again if it was not.';

/** Calls a server action from a dialog or a form: whether it is under way, and what went wrong in words. */
export function useCommand() {
  const [isPending, startTransition] = useTransition();
  const [problem, setProblem] = useState<string | null>(null);

  function run<Answer extends CommandAnswer>(
    command: () => Promise<Answer>,
    onDone: (answer: Extract<Answer, { ok: true }>) => void,
  ) {
    if (isPending) return;
    setProblem(null);
    startTransition(async () => {
      let answer: Answer;
      try {
        answer = await command();
      } catch (error) {
        // A redirect to the sign-in page, or a 404 for whoever is no longer staff, travels as an error and is none.
        unstable_rethrow(error);
        setProblem(unreachable);
        return;
      }
      if (answer.ok) onDone(answer as Extract<Answer, { ok: true }>);
      else setProblem(answer.message);
    });
  }

  return { isPending, problem, setProblem, run };
}
