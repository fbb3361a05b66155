'use client';

import { X } from 'lucide-react';
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { showToast } from '@/components/ui/toast';
import type { RemoveOptOutsAnswer } from '@/lib/opt-outs/schema';
import { formatMsisdn } from '@/lib/sms/msisdn-za';

interface RemoveButtonProps {
  msisdn: string;
  remove: (msisdns: string[]) => Promise<RemoveOptOutsAnswer>;
}

/** Takes back an entry that the account made itself. */
export function RemoveButton({ msisdn, remove }: RemoveButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [isPending, startTransition] = useTransition();
  const number = formatMsisdn(msisdn);

  function confirm() {
    startTransition(async () => {
      const answer = await remove([msisdn]);
      const result = answer.ok ? answer.results[0] : answer;
      if (result?.ok) {
        setIsOpen(false);
        showToast(`${number} is no longer opted out`);
      } else {
        setProblem(result?.message ?? 'Nothing was removed. Reload the page and try again.');
      }
    });
  }

  return (
    <>
      <Button
        aria-haspopup="dialog"
        onClick={() => {
          setProblem(null);
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
          {problem && (
            <Callout tone="bad" announce>
              {problem}
            </Callout>
          )}
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
