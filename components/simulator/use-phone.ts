'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { toProblem, useCaller, type ActionProblem } from '@/components/actions/use-action';
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
  problem: ActionProblem | null;
}

const loadingWords = {
  undone: 'What this phone shows may be old.',
  unsure: 'What this phone shows may be old.',
};

const sendingWords = {
  undone: 'The reply was not sent.',
  unsure: 'We do not know whether the reply was sent; it is looked for before it is sent again.',
};

/** What one phone holds, kept up to date, and what it is sending. */
export function usePhone(msisdn: string, { loadPhone, sendReply }: SimulatorActions) {
  const [contents, setContents] = useState<PhoneContents | null>(null);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const [outgoing, setOutgoing] = useState<readonly OutgoingText[]>([]);
  const lastKey = useRef(0);
  const makeCall = useCaller();

  /** The newest of the phone; null when the server did not say. */
  const load = useCallback(async () => {
    const askAgain = async (): Promise<PhoneContents | null> => {
      const outcome = await makeCall(prepareCall(loadPhone, { msisdn }));
      if (!outcome) return null;
      if (!outcome.isAnswered) {
        setProblem(toProblem(outcome.failure, loadingWords, () => void askAgain()));
        return null;
      }
      const page = outcome.answer;
      if (!page.ok) {
        setProblem({ message: page.message, tryAgain: () => void askAgain() });
        return null;
      }
      setContents((known) => mergeNewest(known, page));
      setProblem(null);
      return page;
    };
    return askAgain();
  }, [loadPhone, makeCall, msisdn]);

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
    const outcome = await makeCall(prepareCall(loadPhone, { msisdn, before: contents.older }));
    if (!outcome) return;
    const tryAgain = () => void loadOlder();
    if (!outcome.isAnswered) return setProblem(toProblem(outcome.failure, loadingWords, tryAgain));
    const page = outcome.answer;
    if (!page.ok) return setProblem({ message: page.message, tryAgain });
    setContents((known) => known && mergeOlder(known, page));
  }

  function change(key: number, changed: Partial<OutgoingText>) {
    setOutgoing((all) => all.map((one) => (one.key === key ? { ...one, ...changed } : one)));
  }

  function forget(key: number) {
    setOutgoing((all) => all.filter((one) => one.key !== key));
  }

  async function send(senderNumber: string, text: string) {
    const key = ++lastKey.current;
    const createdAt = new Date().toISOString();
    // The newest text there was: what has arrived of this one comes after it.
    const after = Number(contents?.messages.at(-1)?.id ?? 0);
    const sending = { key, senderNumber, text, createdAt, problem: null };
    setOutgoing((all) => [...all, sending]);
    await deliver(sending, after, false);
  }

  /** @param isUnsure it has been sent before, and may have arrived */
  async function deliver(sending: OutgoingText, after: number, isUnsure: boolean) {
    const { key, senderNumber, text } = sending;
    change(key, { problem: null });
    if (isUnsure) {
      const page = await load();
      if (!page) {
        const message = 'The server still cannot be reached.';
        return change(key, { problem: { message, tryAgain: () => void deliver(sending, after, true) } });
      }
      const hasArrived = page.messages.some(
        (one) =>
          one.fromPhone && Number(one.id) > after && one.senderNumber === senderNumber && one.text === text,
      );
      if (hasArrived) return forget(key);
    }
    const outcome = await makeCall(prepareCall(sendReply, { msisdn, senderNumber, text }));
    if (!outcome) return;
    if (!outcome.isAnswered) {
      const { failure } = outcome;
      const again = () => void deliver(sending, after, isUnsure || !failure.isUndone);
      return change(key, { problem: toProblem(failure, sendingWords, again) });
    }
    const { answer } = outcome;
    if (!answer.ok) {
      return change(key, {
        problem: { message: answer.message, tryAgain: () => void deliver(sending, after, false) },
      });
    }
    await load();
    forget(key);
  }

  return { contents, problem, outgoing, loadOlder, send };
}
