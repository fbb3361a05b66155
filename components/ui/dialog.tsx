'use client';

import { clsx } from 'clsx';
import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  /** In the middle, or at an edge; on phones "centre" and "end" come from the bottom. */
  placement?: 'centre' | 'start' | 'end';
  /** With lines of more than a few words, in the middle. */
  isWide?: boolean;
  children: ReactNode;
}

const placements = {
  centre:
    'dialog-centre m-auto w-full max-w-md rounded-xl max-sm:mb-0 max-sm:max-w-full max-sm:rounded-b-none max-sm:pb-[env(safe-area-inset-bottom)]',
  start: 'dialog-start my-0 mr-auto ml-0 h-dvh max-h-dvh w-72 max-w-[85vw]',
  end: 'dialog-end my-0 mr-0 ml-auto h-dvh max-h-dvh w-full max-w-md max-sm:mt-auto max-sm:h-fit max-sm:max-h-[85dvh] max-sm:max-w-full max-sm:rounded-t-xl',
};

/**
 * A modal dialog: the browser's own, which keeps the rest of the page out of reach, closes on Escape and
 * gives the focus back. The focus goes to the control marked `data-autofocus`, else to the dialog itself.
 */
export function Dialog({
  open,
  onClose,
  title,
  description,
  placement = 'centre',
  isWide = false,
  children,
}: DialogProps) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const pressedOutside = useRef(false);

  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open === open) return;
    if (!open) return element.close();
    holdScrollbarWidth();
    element.showModal();
    (element.querySelector<HTMLElement>('[data-autofocus]') ?? element).focus();
  }, [open]);

  return (
    <dialog
      ref={dialog}
      tabIndex={-1}
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-description` : undefined}
      onClose={onClose}
      // Only a press that began outside closes it: selecting text may well end there.
      onPointerDown={(event) => (pressedOutside.current = event.target === event.currentTarget)}
      onClick={(event) => {
        if (event.target === event.currentTarget && pressedOutside.current) event.currentTarget.close();
      }}
      className={clsx(
        'dialog overflow-y-auto border border-line bg-raised p-0 text-ink shadow-dialog outline-none',
        placements[placement],
        isWide && 'sm:max-w-xl',
      )}
    >
      <div className="flex min-h-full flex-col">
        <div className="px-5 pt-4 pr-14 pb-3">
          <h2 id={`${id}-title`} className="text-lg font-semibold">
            {title}
          </h2>
          {description && (
            <div id={`${id}-description`} className="mt-0.5 text-sm text-ink-soft">
              {description}
            </div>
          )}
        </div>
        {children}
        {/* Last, so that the focus starts at what the dialog is about. */}
        <button
          type="button"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
          className="absolute top-3 right-3 flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      </div>
    </dialog>
  );
}

/**
 * While a dialog is open the page's scrollbar is gone; as much room is left for it (globals.css), so that
 * nothing moves.
 */
function holdScrollbarWidth() {
  const { documentElement } = document;
  const width = window.innerWidth - documentElement.clientWidth;
  documentElement.style.setProperty('--scrollbar-width', `${width}px`);
}
