'use client';

import { useSyncExternalStore, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { SaveBar, Section } from './section';
import { TimeZoneBox } from './time-zone-box';
import { useSave } from './use-save';
import { useUnsaved } from './use-unsaved';

interface TimeZoneSectionProps {
  userId: number;
  saved: string;
  timeZones: readonly string[];
  save: ServerAction<[input: { timeZone: string }]>;
}

export function TimeZoneSection({ userId, saved, timeZones, save: saveAction }: TimeZoneSectionProps) {
  const { value, isChanged, change, undo, settle } = useUnsaved(`time-zone-${userId}`, saved);
  const { save, isPending, problem, clear } = useSave();
  const minute = useMinute();

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    if (!isChanged) return;
    save(prepareCall(saveAction, { timeZone: value }), {
      done: () => {
        settle(value);
        return 'Time zone saved';
      },
    });
  }

  return (
    <Section
      id="time-zone"
      title="Time zone"
      description={
        <p>
          Dates and times on all pages and in downloads are of this place, for everyone in your team, and its
          days are the days of Home.
        </p>
      }
    >
      <form onSubmit={onSubmit}>
        <div className="p-4 sm:p-5">
          <TimeZoneBox
            value={value}
            timeZones={timeZones}
            minute={minute}
            onChange={(next) => {
              clear();
              change(next);
            }}
          />
        </div>
        <SaveBar isChanged={isChanged} isPending={isPending} problem={problem} onUndo={undo} />
      </form>
    </Section>
  );
}

function subscribe(tick: () => void): () => void {
  const timer = setInterval(tick, 5000);
  return () => clearInterval(timer);
}

/**
 * Whole minutes since the epoch; null on the server, whose words for a time zone may be others than the
 * browser's.
 */
function useMinute(): number | null {
  return useSyncExternalStore(
    subscribe,
    () => Math.floor(Date.now() / 60_000),
    () => null,
  );
}
