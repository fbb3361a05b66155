import { useRouter } from 'next/navigation';
import type { ActionCall } from '@/components/actions/call-action';
import type { ActionWords } from '@/components/actions/describe-failure';
import { useAction } from '@/components/actions/use-action';
import type { ActionResult, Refused } from '@/lib/auth/schema';
import { showToast } from '@/components/ui/toast';

const savingWords: ActionWords = {
  undone: 'Nothing was saved.',
  unsure: 'We do not know whether this was saved. Try again: that does no harm.',
};

/**
 * Saves a setting, and says what became of it.
 *
 * @param fields at which a refusal may stand
 */
export function useSave(words: ActionWords = savingWords, fields: readonly string[] = []) {
  const router = useRouter();
  const action = useAction(words, fields);
  return {
    ...action,
    /**
     * @param handle `done` says what has been saved, in passing; `refused` looks at a refusal before its
     *   sentence is shown
     */
    save: <Answer extends ActionResult>(
      call: ActionCall<Answer>,
      handle: {
        done: () => string;
        refused?: (refusal: Refused<Answer>) => string | undefined;
        words?: ActionWords;
      },
    ) =>
      action.run(
        call,
        () => {
          // Only now: asked while the server is out of reach, Next.js would leave the page.
          router.refresh();
          showToast(handle.done());
        },
        {
          words: handle.words,
          onRefused: (refusal) => {
            // What stands on the page may be out of date.
            router.refresh();
            return handle.refused ? handle.refused(refusal) : refusal.message;
          },
        },
      ),
  };
}
