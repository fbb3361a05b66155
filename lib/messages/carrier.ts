import type { CarrierFault, ClaimedMessage, HandoverResult } from './claim';

// What goes through the port, for the adapters behind it.
export type { CarrierFault, ClaimedMessage, HandoverResult };

/**
 * The port to a network. An adapter takes messages that have passed the gate (`ClaimedMessage`: nothing else
 * can make one) and says of each what became of it.
 */
export interface Carrier {
  readonly name: string;
  /** The most messages it takes in a second. */
  readonly ratePerSecond: number;
  /** How many it has under way at a time just now; a turn of an account is never smaller. */
  readonly windowSize?: number;
  /**
   * So many more are kept free for what is urgent, which may be handed over beside a batch. None: a batch is
   * over so soon that the urgent waits for it.
   */
  readonly urgentSlots?: number;
  /** What it holds at most that it has taken and not passed on; more is `busy`. None: it has no queue. */
  readonly queueSize?: number;
  /**
   * Each batch is recorded before the next one is claimed, so that a process that dies leaves one batch in
   * doubt and no second one that was only claimed. Costs nothing that counts where handing over takes long.
   */
  readonly recordsFirst?: boolean;
  /**
   * Hands the messages over, all of one account. Resolves with one result for each, in their order; a
   * message's delivery receipt carries `composeReference(message)`. Rejects only when none of them was taken.
   */
  send(messages: readonly ClaimedMessage[], door?: 'urgent'): Promise<HandoverResult[]>;
}

/** What we ask a carrier to echo in its delivery receipts: enough to find the message without a search. */
export function composeReference(message: { accountId: number; id: string }): string {
  return `${message.accountId}-${message.id}`;
}

/** @returns null when it is not one of ours */
export function parseReference(reference: string): { accountId: number; messageId: string } | null {
  const match = /^(\d{1,9})-(\d{1,18})$/.exec(reference);
  return match ? { accountId: Number(match[1]), messageId: match[2] as string } : null;
}
