'use client';

import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { flushSync } from 'react-dom';
import { placePopover, type PopoverPlace } from './place-popover';

interface MenuProps extends PopoverPlace {
  /** What the button shows. */
  button: ReactNode;
  buttonClassName: string;
  /** Read out for the button when what it shows is not enough, and for the menu. */
  label: string;
  /** Items that may come only after the menu has opened use `useArrival`. */
  children: ReactNode;
}

const itemSelector = '[role^="menuitem"]';

const ArrivalContext = createContext(() => {});

/** Of items that may come only after their menu has opened: says that they are there. */
export function useArrival(): void {
  const onArrive = useContext(ArrivalContext);
  useEffect(onArrive, [onArrive]);
}

/**
 * A menu button. The browser's own popover does the top layer, closing by Escape or a press elsewhere, and
 * giving the focus back; this adds the place, the arrow keys and the roles.
 */
export function Menu({ button, buttonClassName, label, children, side, align }: MenuProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (!open) return;
    // It is fixed to the window: rather than drift away from its button it closes.
    const close = () => panel.current?.hidePopover();
    window.addEventListener('scroll', close, { passive: true });
    return () => window.removeEventListener('scroll', close);
  }, [open]);

  /** They take more room than what stood there, and are what the arrow keys were waiting for. */
  const onArrive = useCallback(() => {
    if (!panel.current || !opener.current) return;
    placePopover(panel.current, opener.current, { side, align });
    if (document.activeElement === panel.current)
      panel.current.querySelector<HTMLElement>(itemSelector)?.focus();
  }, [side, align]);

  function moveFocus(event: KeyboardEvent<HTMLDivElement>) {
    if (event.key === 'Tab') panel.current?.hidePopover();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>(itemSelector)].filter((item) =>
      item.checkVisibility(),
    );
    const target = findTarget(items, items.indexOf(document.activeElement as HTMLElement), event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  }

  return (
    <>
      <button
        ref={opener}
        type="button"
        popoverTarget={id}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        className={buttonClassName}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          panel.current?.showPopover();
        }}
      >
        {button}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        tabIndex={-1}
        onKeyDown={moveFocus}
        onBeforeToggle={(event) => {
          if (event.newState !== 'open' || !opener.current) return;
          placePopover(event.currentTarget, opener.current, { side, align });
          // At once, so that there are items to give the focus to.
          flushSync(() => setOpen(true));
        }}
        onToggle={(event) => {
          if (event.newState === 'closed') return setOpen(false);
          if (opener.current) placePopover(event.currentTarget, opener.current, { side, align });
          (event.currentTarget.querySelector<HTMLElement>(itemSelector) ?? event.currentTarget).focus();
        }}
        className="fixed inset-auto m-0 min-w-52 overflow-y-auto rounded-lg border border-line bg-raised p-1 text-ink shadow-popover outline-none open:animate-appear"
      >
        <ArrivalContext value={onArrive}>{open && children}</ArrivalContext>
      </div>
    </>
  );
}

/**
 * Where a key leads from the item at `current`: arrows and ends, or the next item that begins with the
 * letter.
 */
function findTarget(items: HTMLElement[], current: number, key: string): HTMLElement | undefined {
  if (key === 'ArrowDown') return items[(current + 1) % items.length];
  if (key === 'ArrowUp') return items.at(current <= 0 ? -1 : current - 1);
  if (key === 'Home') return items[0];
  if (key === 'End') return items.at(-1);
  if (key.length !== 1 || key === ' ') return undefined;
  const inTurn = [...items.slice(current + 1), ...items.slice(0, current + 1)];
  return inTurn.find((item) => item.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}

const itemClass =
  'flex w-full items-center gap-2.5 rounded-md px-2.5 py-1.5 text-left text-sm outline-none hover:bg-hover focus-visible:bg-hover max-sm:py-2.5';

interface MenuItemProps {
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ onSelect, children }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={itemClass}
      onClick={(event) => {
        onSelect();
        event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
      }}
    >
      {children}
    </button>
  );
}

interface MenuChoiceProps {
  /** One of a group, or on and off by itself. The menu stays open, so that several can be changed. */
  kind: 'radio' | 'checkbox';
  checked: boolean;
  onSelect: () => void;
  className?: string;
  children: ReactNode;
}

export function MenuChoice({ kind, checked, onSelect, className, children }: MenuChoiceProps) {
  return (
    <button
      type="button"
      role={kind === 'radio' ? 'menuitemradio' : 'menuitemcheckbox'}
      aria-checked={checked}
      tabIndex={-1}
      className={clsx(itemClass, className)}
      onClick={onSelect}
    >
      <Check
        aria-hidden="true"
        className={clsx('size-3.5 shrink-0 text-accent-text', !checked && 'invisible')}
      />
      {children}
    </button>
  );
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  return (
    <div
      role="group"
      aria-labelledby={id}
      className="border-b border-line py-1 first:pt-0 last:border-0 last:pb-0"
    >
      <div id={id} className="px-2.5 py-1 text-xs text-ink-faint">
        {label}
      </div>
      {children}
    </div>
  );
}
