import { useRouter } from 'next/navigation';
import type { ActionCall } from '@/components/actions/call-action';
import type { ActionWords } from '@/components/actions/describe-failure';
import { useAction } from '@/components/actions/use-action';
import { showToast } from '@/components/ui/toast';

const savingWords: ActionWords = {
  undone: 'Nothing was saved.',
  unsure: 'We do not know whether this was saved. Try again: that does no harm.',
};

/** Saves a setting, and says what became of it. */
export function useSave(words: ActionWords = savingWords) {
  const router = useRouter();
  const action = useAction(words);
  return {
    ...action,
    /**
     * @param handle `done` says what has been saved, in passing; `refused` looks at an answer that has no sentence
     */
    save: <Answer extends { ok: boolean }>(
      call: ActionCall<Answer>,
      handle: { done: () => string; refused?: (answer: Answer) => void; words?: ActionWords },
    ) =>
      action.run(
        call,
        (answer) => {
          // What stands on the page may be out of date after a refusal, too. Only now: asked while the server is out of reach,
          // Next.js would leave the page.
          router.refresh();
          if (answer.ok) {
            showToast(handle.done());
            return;
          }
          if ('message' in answer && typeof answer.message === 'string') return answer.message;
          handle.refused?.(answer);
        },
        { words: handle.words },
      ),
  };
}
