import { log } from '@/lib/log';
import {
  composeReference,
  type Carrier,
  type ClaimedMessage,
  type HandoverResult,
} from '@/lib/messages/carrier';
import { computeRetryDelayMs } from '@/lib/messages/dispatcher';
import { composeReceiptUrl } from './addresses';
import { SendsmsClient, type SendsmsOutcome } from './sendsms';

export interface KannelOptions {
  name: string;
  /** Of the sendsms service. */
  address: string;
  username: string;
  password: string;
  ratePerSecond: number;
  /** How many messages may be without an answer at a time. */
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

/**
 * Hands messages to Kannel's sendsms service, one recipient a call. When it cannot be reached, does not
 * answer, or refuses us, nothing more of the batch is begun: so at most a window of messages is in doubt.
 */
export function createKannelCarrier(options: KannelOptions): Carrier & { close(): void } {
  const { name, ratePerSecond, windowSize, listener } = options;
  const { timeoutMs = usualTimeoutMs, batchMs = usualBatchMs } = options;
  const client = new SendsmsClient(options.address, options, { windowSize, timeoutMs });
  return {
    name,
    ratePerSecond,
    windowSize,
    recordsFirst: true,
    close: () => client.close(),
    async send(messages) {
      const results: HandoverResult[] = messages.map(() => untried);
      const endAt = Date.now() + batchMs;
      let halt: HandoverResult | null = null;
      let next = 0;
      const sendTheRest = async () => {
        while (halt === null && next < messages.length && Date.now() < endAt) {
          const index = next++;
          const message = messages[index] as ClaimedMessage;
          const receiptUrl = composeReceiptUrl({ listener, carrier: name, message });
          const outcome = await client.send({ ...message, receiptUrl });
          results[index] = readOutcome(outcome, message);
          halt ??= findHalt(outcome);
        }
      };
      await Promise.all(Array.from({ length: Math.min(windowSize, messages.length) }, sendTheRest));
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
const untried: HandoverResult = { status: 'retry', reason: 'It waits for its turn again.', retryDelayMs: 0 };

function readOutcome(outcome: SendsmsOutcome, message: ClaimedMessage): HandoverResult {
  switch (outcome.outcome) {
    case 'taken':
      // Kannel gives no id of its own: what it says later comes to the address that was given with the call.
      return { status: 'sent', carrierMessageId: composeReference(message) };
    case 'refused':
      return { status: 'failed', reason: outcome.reason };
    case 'busy':
      return { status: 'retry', reason: outcome.reason, retryDelayMs: computeRetryDelayMs(message.attempt) };
    case 'doubt':
      return { status: 'doubt', detail: outcome.reason };
    case 'away':
    case 'configuration':
      return findHalt(outcome) as HandoverResult;
  }
}

/** What becomes of the messages behind one with this outcome; null: they are tried. */
function findHalt(outcome: SendsmsOutcome): HandoverResult | null {
  switch (outcome.outcome) {
    case 'configuration':
      return { ...untaken, retryDelayMs: 0, fault: 'configuration', detail: outcome.reason };
    case 'away':
    case 'doubt':
      return { ...untaken, retryDelayMs: untriedDelayMs, fault: 'away', detail: outcome.reason };
    case 'taken':
    case 'refused':
    case 'busy':
      return null;
  }
}
