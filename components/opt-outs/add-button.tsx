'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { loadAhead, useLate } from '@/components/ui/late';
import type { AddOptOuts } from './actions';

// Fetched when the button is first reached, as the download dialog is.
const loadDialog = () => import('./add-dialog');

interface AddButtonProps {
  /** A server action. */
  add: AddOptOuts;
  timeZone: string;
}

export function AddButton({ add, timeZone }: AddButtonProps) {
  // What was typed is there again after a press outside; only what was done with makes room for a new form.
  const [state, setState] = useState({ form: 0, isOpen: false, isDone: true });
  const dialog = useLate(loadDialog);
  return (
    <>
      <Button
        variant="primary"
        className="max-sm:order-first"
        aria-haspopup="dialog"
        pending={dialog.isPending}
        onPointerEnter={() => loadAhead(loadDialog)}
        onFocus={() => loadAhead(loadDialog)}
        onClick={() =>
          dialog.request(() =>
            setState(({ form, isDone }) => ({ form: form + Number(isDone), isOpen: true, isDone: false })),
          )
        }
      >
        <Plus aria-hidden="true" className="size-4" />
        Add Opt-Out Number
      </Button>
      {dialog.module && state.form > 0 && (
        <dialog.module.AddDialog
          key={state.form}
          open={state.isOpen}
          onClose={(isDone) => setState({ ...state, isOpen: false, isDone })}
          add={add}
          timeZone={timeZone}
        />
      )}
    </>
  );
}
