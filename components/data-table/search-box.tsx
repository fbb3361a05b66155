'use client';

import { Search } from 'lucide-react';
import { useEffect, type KeyboardEvent, type RefObject } from 'react';
import { Input } from '@/components/ui/field';
import { Kbd } from '@/components/ui/kbd';
import { Spinner } from '@/components/ui/spinner';

interface SearchBoxProps {
  ref: RefObject<HTMLInputElement | null>;
  label: string;
  placeholder: string;
  value: string;
  /** Counts once the typing pauses. */
  onType: (text: string) => void;
  /** Counts at once. */
  onSet: (text: string) => void;
  isPending: boolean;
  /** ArrowDown: on to the rows. */
  onLeave: () => void;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}

/** Searches as one types; "/" leads here from anywhere on the page. */
export function SearchBox({
  ref,
  label,
  placeholder,
  value,
  onType,
  onSet,
  isPending,
  onLeave,
}: SearchBoxProps) {
  useEffect(() => {
    function focusOnSlash(event: globalThis.KeyboardEvent) {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      if (document.querySelector('dialog:modal')) return;
      event.preventDefault();
      ref.current?.select();
    }
    document.addEventListener('keydown', focusOnSlash);
    return () => document.removeEventListener('keydown', focusOnSlash);
  }, [ref]);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && value) {
      event.preventDefault();
      onSet('');
    } else if (event.key === 'Enter') {
      event.preventDefault();
      onSet(value);
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      onLeave();
    }
  }

  return (
    <div className="relative min-w-0 max-sm:grow max-sm:basis-40 sm:w-64">
      <span className="pointer-events-none absolute inset-y-0 left-3 flex items-center text-ink-faint">
        {isPending ? <Spinner /> : <Search aria-hidden="true" className="size-4" />}
      </span>
      <Input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        maxLength={100}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onType(event.target.value)}
        onKeyDown={onKeyDown}
        className="peer px-9"
      />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 right-2 hidden items-center lg:peer-placeholder-shown:flex lg:peer-focus:hidden"
      >
        <Kbd>/</Kbd>
      </span>
    </div>
  );
}
