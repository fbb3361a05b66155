'use client';

import { unstable_rethrow } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { showToast } from '@/components/ui/toast';
import type { CancelResult } from '@/lib/removal-requests/schema';

interface CancelButtonProps {
  requestId: string;
  /** Whether the consent SMS has left. */
  isAsked: boolean;
  cancel: (requestId: string) => Promise<CancelResult | null>;
}

const failed = 'This could not be done just now. Try again in a moment.';

export function CancelButton({ requestId, isAsked, cancel }: CancelButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();

  function press() {
    if (isPending) return;
    startTransition(async () => {
      try {
        const result = await cancel(requestId);
        if (!result?.ok) return setProblem(result?.message ?? failed);
        setIsOpen(false);
        showToast('The request is cancelled');
      } catch (error) {
        // A redirect to the sign-in page travels as an error, and is none.
        unstable_rethrow(error);
        setProblem(failed);
      }
    });
  }

  return (
    <>
      <Button
        variant="danger"
        aria-haspopup="dialog"
        onClick={() => {
          setProblem(null);
          setIsOpen(true);
        }}
      >
        Cancel request
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Cancel this request?"
        description={
          isAsked
            ? 'The recipient has been asked, and is asked only once: you cannot request this again unless they opt out anew. An answer is kept, and changes nothing.'
            : 'The SMS has not left and will not be sent. You can request the removal again later.'
        }
      >
        <div className="grid gap-4 px-5 pt-1 pb-5">
          {problem && (
            <Callout tone="bad" announce>
              {problem}
            </Callout>
          )}
          <div className="flex justify-end gap-2 max-sm:*:grow">
            <Button data-autofocus onClick={() => setIsOpen(false)}>
              Keep it
            </Button>
            <Button variant="danger" pending={isPending} onClick={press}>
              {isPending ? 'Cancelling' : 'Cancel request'}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
