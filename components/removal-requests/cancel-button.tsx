'use client';

import { useState } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { showToast } from '@/components/ui/toast';

/** A server action. */
export type CancelRequest = ServerAction<[requestId: string]>;

interface CancelButtonProps {
  requestId: string;
  /** Whether the consent SMS has left. */
  isAsked: boolean;
  cancel: CancelRequest;
}

const words = {
  undone: 'The request goes on; nothing was changed.',
  unsure: 'We do not know whether the request is cancelled. Try again: that does no harm.',
};

export function CancelButton({ requestId, isAsked, cancel }: CancelButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { run, isPending, problem, clear } = useAction(words);

  function press() {
    run(prepareCall(cancel, requestId), () => {
      setIsOpen(false);
      showToast('The request is cancelled');
    });
  }

  return (
    <>
      <Button
        variant="danger"
        aria-haspopup="dialog"
        onClick={() => {
          clear();
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
          <ProblemCallout problem={problem} />
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
