'use client';

import { clsx } from 'clsx';
import { Plus } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { PhoneNumber } from '@/components/ui/phone-number';
import { RelativeTime } from '@/components/ui/relative-time';
import { parseSouthAfricanMsisdn } from '@/lib/sms/msisdn-za';
import type { SimulatorPhone } from './types';

interface PhoneShelfProps {
  phones: readonly SimulatorPhone[];
  open: readonly string[];
  countUnread: (phone: SimulatorPhone) => number;
  onOpen: (msisdn: string) => void;
  timeZone: string;
  className?: string;
}

export function PhoneShelf({ phones, open, countUnread, onOpen, timeZone, className }: PhoneShelfProps) {
  return (
    <section
      aria-label="Shelf"
      className={clsx('flex w-full shrink-0 flex-col border-line md:w-72 md:border-r', className)}
    >
      <div className="border-b border-line p-3">
        <AddPhoneForm onAdd={onOpen} />
      </div>
      <ul className="grow overflow-y-auto p-2">
        {phones.length === 0 && (
          <li className="px-2 py-6 text-center text-sm text-balance text-ink-soft">
            The shelf is empty. Send a message, and the recipient’s phone appears here.
          </li>
        )}
        {phones.map((phone) => {
          const unread = countUnread(phone);
          return (
            <li key={phone.msisdn}>
              <button
                type="button"
                aria-pressed={open.includes(phone.msisdn)}
                onClick={() => onOpen(phone.msisdn)}
                className="grid w-full grid-cols-[minmax(0,1fr)_auto] gap-x-3 rounded-md px-2.5 py-2 text-left text-sm transition-colors hover:bg-hover aria-pressed:bg-hover"
              >
                <span className="font-medium">
                  <PhoneNumber msisdn={phone.msisdn} />
                </span>
                <span className="text-xs leading-5 text-ink-faint">
                  <RelativeTime value={phone.lastAt} timeZone={timeZone} />
                </span>
                <span className="truncate text-ink-soft">{phone.lastText}</span>
                {unread > 0 && (
                  <span className="h-5 min-w-5 justify-self-end rounded-full bg-accent px-1.5 text-center text-xs leading-5 font-medium text-on-accent tabular-nums">
                    {unread}
                    <span className="sr-only"> unread</span>
                  </span>
                )}
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function AddPhoneForm({ onAdd }: { onAdd: (msisdn: string) => void }) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);

  function add(event: SubmitEvent) {
    event.preventDefault();
    const result = parseSouthAfricanMsisdn(typed);
    if (!('foreign' in result) && !result.ok) return setProblem(result.message);
    onAdd('foreign' in result ? result.foreign.digits : result.msisdn);
    setTyped('');
  }

  return (
    <form onSubmit={add} noValidate>
      <Field label="Add a phone" error={problem}>
        {(control) => (
          <span className="flex gap-2">
            <Input
              {...control}
              value={typed}
              placeholder="082 123 4567"
              inputMode="tel"
              autoComplete="off"
              onChange={(event) => {
                setTyped(event.target.value);
                setProblem(null);
              }}
            />
            <Button type="submit" aria-label="Add">
              <Plus aria-hidden="true" className="size-4" />
            </Button>
          </span>
        )}
      </Field>
    </form>
  );
}
