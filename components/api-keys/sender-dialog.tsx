'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { showToast } from '@/components/ui/toast';
import type { ApiKeyRow } from '@/lib/api-keys/schema';
import type { ChooseSender } from './actions';
import { SenderField } from './sender-field';

interface SenderDialogProps {
  /** As it was when the dialog was opened. */
  apiKey: ApiKeyRow;
  senders: readonly string[];
  open: boolean;
  onClose: () => void;
  choose: ChooseSender;
}

/** Choose which number a key sends from. */
export function SenderDialog({ apiKey, senders, open, onClose, choose }: SenderDialogProps) {
  const { id, name } = apiKey;
  const [senderNumber, setSenderNumber] = useState(apiKey.senderNumber ?? '');
  const words = {
    undone: `“${name}” sends from the number it had.`,
    unsure: `We do not know which number “${name}” sends from now. Try again: that does no harm.`,
  };
  const { run, isPending, problem, fieldProblems, clear } = useAction(words, ['senderNumber']);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    run(prepareCall(choose, { id, senderNumber }), () => {
      showToast(`“${name}” was changed`);
      onClose();
    });
  }

  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`The number of “${name}”`}
      description="What it sends from now on. Messages that wait for their time leave from the number they have."
    >
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
        <SenderField
          senders={senders}
          value={senderNumber}
          error={fieldProblems.senderNumber}
          onChange={(chosen) => {
            clear();
            setSenderNumber(chosen);
          }}
        />
        <ProblemCallout problem={problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" pending={isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
