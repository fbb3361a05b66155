'use client';

import { useRouter } from 'next/navigation';
import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs';
import { startTransition, useEffect, useState } from 'react';
import { isOffline } from '@/components/actions/is-offline';
import { listenToEvents } from '@/components/live/event-stream';
import { EmptyState } from '@/components/ui/empty-state';
import { Handset } from './handset';
import { PhoneShelf } from './phone-shelf';
import { simulatorEventName, simulatorEventsUrl } from './simulator-events';
import type { SimulatorActions, SimulatorPhone } from './types';

interface SimulatorProps extends SimulatorActions {
  phones: readonly SimulatorPhone[];
  timeZone: string;
}

/** More than this do not fit side by side; the one opened longest ago goes back to the shelf. */
const mostOpen = 4;
const refreshDelayMs = 150;

/**
 * Phones one can hold in the browser: a shelf of them, and those that are open. Which are open is in the URL.
 */
export function Simulator({ phones, timeZone, loadPhone, sendReply }: SimulatorProps) {
  const [open, setOpen] = useQueryState('phones', parseAsArrayOf(parseAsString).withDefault([]));
  // How many SMSs each phone held when it was last looked at; those of the first look count as read.
  const [seen, setSeen] = useState(() =>
    Object.fromEntries(phones.map((phone) => [phone.msisdn, phone.count])),
  );
  useShelfRefresh();

  function openPhone(msisdn: string) {
    void setOpen((now) => [...now.filter((one) => one !== msisdn), msisdn].slice(-mostOpen));
  }

  function closePhone(msisdn: string) {
    const count = phones.find((phone) => phone.msisdn === msisdn)?.count ?? 0;
    setSeen((now) => ({ ...now, [msisdn]: count }));
    void setOpen((now) => (now.length === 1 ? null : now.filter((one) => one !== msisdn)));
  }

  return (
    <main className="flex min-h-0 grow overflow-hidden">
      <h1 className="sr-only">Phones</h1>
      <PhoneShelf
        phones={phones}
        open={open}
        countUnread={(phone) => (open.includes(phone.msisdn) ? 0 : phone.count - (seen[phone.msisdn] ?? 0))}
        onOpen={openPhone}
        timeZone={timeZone}
        className={open.length > 0 ? 'max-md:hidden' : undefined}
      />
      <div className="flex min-w-0 grow snap-x gap-5 overflow-x-auto bg-sunken max-md:not-has-[>section]:hidden md:p-6">
        {open.length === 0 && (
          <div className="m-auto">
            <EmptyState kind="nothing-yet" title="Take a phone from the shelf">
              Every number you send to is a phone there. Read what arrived, reply “Stop”, and watch the
              opt-out appear.
            </EmptyState>
          </div>
        )}
        {open.map((msisdn, index) => (
          <Handset
            key={msisdn}
            msisdn={msisdn}
            actions={{ loadPhone, sendReply }}
            timeZone={timeZone}
            onClose={() => closePhone(msisdn)}
            // A small window has room for one: the latest.
            className={index < open.length - 1 ? 'max-md:hidden' : undefined}
          />
        ))}
      </div>
    </main>
  );
}

function useShelfRefresh() {
  const router = useRouter();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        // Next.js would leave the page; the events tell when there is a connection again.
        if (!isOffline()) startTransition(() => router.refresh());
      }, refreshDelayMs);
    };
    const stop = listenToEvents(simulatorEventsUrl, simulatorEventName, {
      onData: refresh,
      onResume: refresh,
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [router]);
}
