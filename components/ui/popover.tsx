'use client';

import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { placePopover, type PopoverPlace } from './place-popover';

interface PopoverProps extends PopoverPlace {
  /** What the button shows. */
  button: ReactNode;
  buttonClassName: string;
  label: string;
  /** There only while it is open. */
  children: (close: () => void) => ReactNode;
}

/**
 * A small panel beside its button, for a few controls; for a list of choices there is Menu. The browser's own
 * popover does the top layer, closing by Escape or a press elsewhere, and giving the focus back.
 */
export function Popover({ button, buttonClassName, label, children, side, align }: PopoverProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (!open) return;
    const place = () => {
      if (panel.current && opener.current) placePopover(panel.current, opener.current, { side, align });
    };
    window.addEventListener('scroll', place, { passive: true });
    window.addEventListener('resize', place);
    return () => {
      window.removeEventListener('scroll', place);
      window.removeEventListener('resize', place);
    };
  }, [open, side, align]);

  return (
    <>
      <button
        ref={opener}
        type="button"
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={open}
        className={buttonClassName}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        tabIndex={-1}
        onBeforeToggle={(event) => {
          if (event.newState !== 'open' || !opener.current) return;
          placePopover(event.currentTarget, opener.current, { side, align });
          // At once, so that there is something to give the focus to.
          flushSync(() => setOpen(true));
        }}
        onToggle={(event) => {
          if (event.newState === 'closed') return setOpen(false);
          if (opener.current) placePopover(event.currentTarget, opener.current, { side, align });
          event.currentTarget.focus();
        }}
        className="fixed inset-auto m-0 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg border border-line bg-raised p-0 text-ink shadow-popover outline-none open:animate-appear"
      >
        {open && children(() => document.getElementById(id)?.hidePopover())}
      </div>
    </>
  );
}
