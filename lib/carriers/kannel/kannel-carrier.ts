import { setTimeout as delay } from 'node:timers/promises';
import { log } from '@/lib/log';
import {
  composeReference,
  type Carrier,
  type ClaimedMessage,
  type HandoverResult,
} from '@/lib/messages/carrier';
import { computeBusyDelayMs } from '@/lib/messages/dispatcher';
import { composeReceiptUrl } from './addresses';
import { CallWindow } from './call-window';
import { longestQueue } from './configuration';
import { SendsmsClient, type SendsmsMessage, type SendsmsOutcome } from './sendsms';

export interface KannelOptions {
  name: string;
  /** Of the sendsms service. */
  address: string;
  username: string;
  password: string;
  ratePerSecond: number;
  /** How many messages may be without an answer at a time; some of them are kept for urgent ones. */
  windowSize: number;
  /** Where Kannel reaches our listener. */
  listener: string;
  /** Until an answer counts as lost. */
  timeoutMs?: number;
  /** After so long nothing more of a batch is begun: its lease must not end while it is handed over. */
  batchMs?: number;
}

const usualTimeoutMs = 30_000;
const usualBatchMs = 60_000;
/** How soon what was not tried is due again: the circuit keeps it from a carrier that is away. */
const untriedDelayMs = 2_000;

/** Of a window, and of a large one: what urgent messages have for themselves. */
const urgentPart = 0.1;
const mostUrgentSlots = 10;

/**
 * A call that meets a full queue is made again after a moment, some times: others leave the queue as fast as
 * the network takes them, and a message that is given back is claimed and recorded once more. An urgent one
 * has short pauses, others have longer ones each time.
 */
const mostTries = { urgent: 10, usual: 5 };
const pauseMs = 50;

/** Spread out, so that they do not come all at once. */
function computePauseMs(tries: number, isUrgentOne: boolean): number {
  return isUrgentOne ? pauseMs : pauseMs * 2 ** (tries - 1) * (0.5 + Math.random());
}

/**
 * Hands messages to Kannel's sendsms service, one recipient a call. When it cannot be reached, does not
 * answer, or refuses us, nothing more of the batch is begun: so at most a window of messages is in doubt.
 * When it is busy fewer calls are open at a time; when it takes not even one at a time, the rest of the batch
 * waits.
 */
export function createKannelCarrier(options: KannelOptions): Carrier & { close(): void } {
  const { name, ratePerSecond, windowSize, listener } = options;
  const { timeoutMs = usualTimeoutMs, batchMs = usualBatchMs } = options;
  const client = new SendsmsClient(options.address, options, { windowSize, timeoutMs });
  const urgentSlots = Math.min(mostUrgentSlots, Math.floor(windowSize * urgentPart));
  const windows = {
    turns: new CallWindow(windowSize - urgentSlots),
    urgent: new CallWindow(urgentSlots || 1),
  };
  return {
    name,
    ratePerSecond,
    get windowSize() {
      return windows.turns.size;
    },
    urgentSlots,
    queueSize: longestQueue,
    recordsFirst: true,
    close: () => client.close(),
    async send(messages, door) {
      const window = door === 'urgent' ? windows.urgent : windows.turns;
      const results: HandoverResult[] = messages.map(() => untried);
      const endAt = performance.now() + batchMs;
      let halt: HandoverResult | null = null;
      let next = 0;
      const mayGoOn = () => halt === null && performance.now() < endAt;
      const sendTheRest = async () => {
        while (mayGoOn() && next < messages.length) {
          let call = await window.enter();
          const message = mayGoOn() ? messages[next] : undefined;
          if (message === undefined) return window.leave(call, 'unknown');
          const index = next++;
          const receiptUrl = composeReceiptUrl({ listener, carrier: name, message });
          const written: SendsmsMessage = { ...message, receiptUrl, isUrgent: isUrgent(message) };
          for (let tries = 1; ; tries++) {
            const outcome = await client.send(written);
            const result = readOutcome(outcome, message);
            results[index] = tries > 1 && result.status === 'sent' ? { ...result, wasBusy: true } : result;
            const isAlone = window.size === 1;
            window.leave(call, readPressure(outcome));
            const most = isUrgent(message) ? mostTries.urgent : mostTries.usual;
            if (outcome.outcome !== 'busy' || tries === most || !mayGoOn()) {
              halt ??= findHalt(outcome, isAlone);
              break;
            }
            await delay(computePauseMs(tries, isUrgent(message)));
            call = await window.enter();
            if (!mayGoOn()) {
              window.leave(call, 'unknown');
              break;
            }
          }
        }
      };
      await Promise.all(Array.from({ length: Math.min(window.most, messages.length) }, sendTheRest));
      if (halt !== null) {
        const left = messages.length - next;
        results.fill(halt, next);
        log.warn({ carrier: name, untried: left }, 'a batch was broken off');
      }
      return results;
    },
  };
}

/** What the account reads of it; the rest is for staff. */
const untaken = { status: 'retry', reason: 'The network could not be reached.' } as const;
/** No fault of the message: it was not tried, however often that happens. */
const untried = {
  status: 'retry',
  reason: 'It waits for its turn again.',
  retryDelayMs: 0,
  fault: 'busy',
  detail: 'The gateway was too slow for a batch.',
} as const satisfies HandoverResult;

/** Confirmations, consent SMSs, codes: a person waits for them. */
const isUrgent = ({ kind }: ClaimedMessage) => kind !== 'NORMAL';

function readOutcome(outcome: SendsmsOutcome, message: ClaimedMessage): HandoverResult {
  switch (outcome.outcome) {
    case 'taken':
      // Kannel gives no id of its own: what it says later comes to the address that was given with the call.
      return { status: 'sent', carrierMessageId: composeReference(message) };
    case 'refused':
      return { status: 'failed', reason: outcome.reason };
    case 'busy':
      return {
        status: 'retry',
        reason: outcome.reason,
        retryDelayMs: computeBusyDelayMs(message.attempt),
        fault: 'busy',
      };
    case 'doubt':
      return { status: 'doubt', detail: outcome.reason };
    case 'away':
    case 'configuration':
      return findHalt(outcome, false) as HandoverResult;
  }
}

/** What an outcome says about how many calls the gateway can take. */
function readPressure({ outcome }: SendsmsOutcome): 'taken' | 'busy' | 'unknown' {
  if (outcome === 'busy') return 'busy';
  return outcome === 'taken' || outcome === 'refused' ? 'taken' : 'unknown';
}

/**
 * What becomes of the messages behind one with this outcome; null: they are tried.
 *
 * @param isAlone whether it was the only call that was allowed at a time
 */
function findHalt(outcome: SendsmsOutcome, isAlone: boolean): HandoverResult | null {
  switch (outcome.outcome) {
    case 'configuration':
      return { ...untaken, retryDelayMs: 0, fault: 'configuration', detail: outcome.reason };
    case 'away':
    case 'doubt':
      return { ...untaken, retryDelayMs: untriedDelayMs, fault: 'away', detail: outcome.reason };
    case 'busy':
      return isAlone
        ? { ...untried, reason: outcome.reason, retryDelayMs: computeBusyDelayMs(1), detail: outcome.reason }
        : null;
    case 'taken':
    case 'refused':
      return null;
  }
}
