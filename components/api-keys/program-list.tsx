'use client';

import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

interface ProgramListProps {
  /** "API keys" */
  title: string;
  description: string;
  /** What is added, and how its button calls that. */
  addLabel: string;
  onAdd: () => void;
  /** While there is none. */
  emptyTitle: string;
  emptyText: string;
  isEmpty: boolean;
  /** The items of the list. */
  children: ReactNode;
}

/** The frame of a page of the settings that lists what the account's programs work with. */
export function ProgramList(props: ProgramListProps) {
  const { title, description, addLabel, onAdd, emptyTitle, emptyText, isEmpty, children } = props;
  return (
    <>
      <PageHeader
        above={[{ href: '/settings', label: 'Settings' }]}
        title={title}
        description={description}
        actions={
          <Button variant="primary" aria-haspopup="dialog" onClick={onAdd}>
            <Plus aria-hidden="true" className="size-4" />
            {addLabel}
          </Button>
        }
      />
      <div className="rounded-lg border border-line bg-surface">
        {isEmpty ? (
          <EmptyState kind="nothing-yet" title={emptyTitle}>
            {emptyText}
          </EmptyState>
        ) : (
          <ul aria-label={title} className="divide-y divide-line">
            {children}
          </ul>
        )}
      </div>
    </>
  );
}

/** A form in a dialog that stays as it was typed, closed and opened again, until it is done with. */
export function useNewForm() {
  const [state, setState] = useState({ form: 0, isOpen: false, isDone: true });
  return {
    /** Of each form another; 0: none yet. */
    form: state.form,
    isOpen: state.isOpen,
    open: () => setState({ form: state.form + Number(state.isDone), isOpen: true, isDone: false }),
    close: (isDone: boolean) => setState({ ...state, isOpen: false, isDone }),
  };
}

/** A dialog about one item, which begins anew each time it is opened. */
export function useDialogOf<Item>() {
  const [shown, setShown] = useState<{ opening: number; item: Item; isOpen: boolean } | null>(null);
  return {
    shown,
    open: (item: Item) => setShown((now) => ({ opening: (now?.opening ?? 0) + 1, item, isOpen: true })),
    close: () => setShown((now) => now && { ...now, isOpen: false }),
  };
}
