import { unstable_rethrow, useRouter } from 'next/navigation';
import { useState } from 'react';
import { showToast } from '@/components/ui/toast';

const unreachable = {
  ok: false as const,
  message: 'The server could not be reached. Nothing has changed; try again.',
};

/**
 * Runs server actions one at a time, and keeps what the last one refused. Not a transition: that would be pending, and deaf
 * to the next press, for as long as any other part of the page waits for the server.
 */
export function useSave() {
  const router = useRouter();
  const [isPending, setIsPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function run<Answer extends { ok: boolean }>(
    action: () => Promise<Answer>,
    handle: { done: () => string; refused?: (answer: Answer) => void },
  ) {
    setIsPending(true);
    setProblem(null);
    const answer = await action().catch((error: unknown) => {
      // A redirect to the sign-in page travels as an error, and is none: Next listens for it.
      unstable_rethrow(error);
      return unreachable;
    });
    setIsPending(false);
    if (answer.ok) showToast(handle.done());
    else if ('message' in answer && typeof answer.message === 'string') setProblem(answer.message);
    else handle.refused?.(answer as Answer);
    // What stands on the page may be out of date after a refusal, too.
    router.refresh();
  }

  return {
    save: <Answer extends { ok: boolean }>(...call: Parameters<typeof run<Answer>>) => {
      if (!isPending) void run(...call);
    },
    isPending,
    problem,
    clearProblem: () => setProblem(null),
  };
}
