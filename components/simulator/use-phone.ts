'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { listenToEvents } from '@/components/live/event-stream';
import { mergeNewest, mergeOlder, type PhoneContents } from './merge-texts';
import { readChangedPhone, simulatorEventName, simulatorEventsUrl } from './simulator-events';
import type { SimulatorActions } from './types';

/** A text on its way from the phone, shown before the server has it. */
export interface OutgoingText {
  key: number;
  senderNumber: string;
  text: string;
  createdAt: string;
  /** Why it did not go; it can be sent again. */
  problem: string | null;
}

const unreachable = 'The server could not be reached.';

/** What one phone holds, kept up to date, and what it is sending. */
export function usePhone(msisdn: string, { loadPhone, sendReply }: SimulatorActions) {
  const [contents, setContents] = useState<PhoneContents | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [outgoing, setOutgoing] = useState<readonly OutgoingText[]>([]);
  const lastKey = useRef(0);

  const load = useCallback(
    () =>
      loadPhone(msisdn, {}).then(
        (page) => {
          setContents((known) => mergeNewest(known, page));
          setProblem(null);
        },
        () => setProblem(unreachable),
      ),
    [loadPhone, msisdn],
  );

  useEffect(() => {
    void load();
    return listenToEvents(simulatorEventsUrl, simulatorEventName, {
      onData(data) {
        const changed = readChangedPhone(data);
        if (changed === null || changed === msisdn) void load();
      },
      onResume: () => void load(),
    });
  }, [load, msisdn]);

  async function loadOlder() {
    if (!contents?.older) return;
    try {
      const page = await loadPhone(msisdn, { before: contents.older });
      setContents((known) => known && mergeOlder(known, page));
    } catch {
      setProblem(unreachable);
    }
  }

  function mark(key: number, problem: string) {
    setOutgoing((all) => all.map((one) => (one.key === key ? { ...one, problem } : one)));
  }

  function forget(key: number) {
    setOutgoing((all) => all.filter((one) => one.key !== key));
  }

  async function send(senderNumber: string, text: string) {
    const key = ++lastKey.current;
    const createdAt = new Date().toISOString();
    setOutgoing((all) => [...all, { key, senderNumber, text, createdAt, problem: null }]);
    try {
      const result = await sendReply(msisdn, senderNumber, text);
      if (!result.ok) return mark(key, result.message);
      await load();
      forget(key);
    } catch {
      mark(key, unreachable);
    }
  }

  function sendAgain(text: OutgoingText) {
    forget(text.key);
    void send(text.senderNumber, text.text);
  }

  return { contents, problem, outgoing, loadOlder, send, sendAgain };
}
