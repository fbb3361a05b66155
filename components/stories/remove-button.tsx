'use client';

import { X } from 'lucide-react';
import { useState } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import type { RemoveOptOuts } from '@/components/opt-outs/actions';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { showToast } from '@/components/ui/toast';
import { formatMsisdn } from '@/lib/sms/format-msisdn';

interface RemoveButtonProps {
  msisdn: string;
  remove: RemoveOptOuts;
}

/** Takes back an entry that the account made itself. */
export function RemoveButton({ msisdn, remove }: RemoveButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const number = formatMsisdn(msisdn);
  const { run, isPending, problem, clear } = useAction({
    undone: `${number} is still opted out; nothing was removed.`,
    unsure: `We do not know whether ${number} is still opted out. Try again: that does no harm.`,
  });

  function confirm() {
    run(prepareCall(remove, [msisdn]), (answer) => {
      const [result] = answer.results;
      if (!result?.ok) return result?.message ?? 'Nothing was removed. Reload the page and try again.';
      setIsOpen(false);
      showToast(`${number} is no longer opted out`);
    });
  }

  return (
    <>
      <Button
        aria-haspopup="dialog"
        onClick={() => {
          clear();
          setIsOpen(true);
        }}
      >
        <X aria-hidden="true" className="size-4 text-bad-text" />
        Remove
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setIsOpen(false)}
        title="Delete Opt-Out Number"
        description={`Your account can write to ${number} again.`}
      >
        <div className="space-y-4 px-5 pt-1 pb-5">
          <ProblemCallout problem={problem} />
          <div className="flex justify-end gap-2 max-sm:*:grow">
            <Button data-autofocus onClick={() => setIsOpen(false)}>
              Cancel
            </Button>
            <Button variant="danger" pending={isPending} onClick={confirm}>
              Delete
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
