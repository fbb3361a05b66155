'use client';

import { Plus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '@/components/ui/button';
import type { AddOptOuts } from './actions';

// Fetched when the button is first reached, as the download dialog is.
const loadDialog = () => import('./add-dialog');
const AddDialog = lazy(async () => ({ default: (await loadDialog()).AddDialog }));

interface AddButtonProps {
  /** A server action. */
  add: AddOptOuts;
  timeZone: string;
}

export function AddButton({ add, timeZone }: AddButtonProps) {
  // What was typed is there again after a press outside; only what was done with makes room for a new form.
  const [state, setState] = useState({ form: 0, isOpen: false, isDone: true });
  return (
    <>
      <Button
        variant="primary"
        className="max-sm:order-first"
        aria-haspopup="dialog"
        onPointerEnter={() => void loadDialog()}
        onFocus={() => void loadDialog()}
        onClick={() => setState({ form: state.form + Number(state.isDone), isOpen: true, isDone: false })}
      >
        <Plus aria-hidden="true" className="size-4" />
        Add Opt-Out Number
      </Button>
      {state.form > 0 && (
        <Suspense>
          <AddDialog
            key={state.form}
            open={state.isOpen}
            onClose={(isDone) => setState({ ...state, isOpen: false, isDone })}
            add={add}
            timeZone={timeZone}
          />
        </Suspense>
      )}
    </>
  );
}
