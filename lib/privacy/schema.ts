/** How long the provider keeps what people wrote, in months; 0: for ever. */
export interface RetentionSettings {
  /** Texts of messages and of replies that prove nothing. */
  messageTextMonths: number;
  unownedReplyMonths: number;
  emailMonths: number;
  /** Where from somebody did something. */
  addressMonths: number;
  /** What proves an opt-out: so long after the block has ended. */
  proofMonths: number;
}

/** The shortest time that each may be set to: what is younger is still at work. */
export const leastMonths: RetentionSettings = {
  messageTextMonths: 6,
  unownedReplyMonths: 6,
  emailMonths: 1,
  addressMonths: 1,
  proofMonths: 12,
};
export const mostMonths = 240;

export const retentionNames: Record<keyof RetentionSettings, string> = {
  messageTextMonths: 'Texts of messages and replies',
  unownedReplyMonths: 'Replies without an owner',
  emailMonths: 'E-mails and notices',
  addressMonths: 'Addresses in activity',
  proofMonths: 'Proof of an opt-out, after its block has ended',
};

/** What is wrong with the settings, for people; null: nothing. */
export function checkRetention(settings: RetentionSettings): string | null {
  for (const name of Object.keys(retentionNames) as (keyof RetentionSettings)[]) {
    const months = settings[name];
    const least = leastMonths[name];
    if (months === 0) continue;
    if (!Number.isInteger(months) || months < least || months > mostMonths) {
      return `${retentionNames[name]}: write ${least} to ${mostMonths} months, or 0 to keep them for ever.`;
    }
  }
  return null;
}

/** Nothing of the account or of the number is erased until it is lifted. */
export interface LegalHold {
  id: number;
  /** One of the two is there. */
  accountId: number | null;
  msisdn: string | null;
  reason: string;
  /** Who set it; null: no longer known. */
  by: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** What of a number is kept when its data is erased, and why. */
export type KeptReason = 'block' | 'term' | 'hold' | 'queued';

export const keptReasons: Record<KeptReason, string> = {
  block:
    'The number is opted out. The block, the reply that began it and what followed from it are kept: without them the account could write again.',
  term: 'A block has ended not long ago. What proves that it was honoured, and why it ended, is kept until its term is over.',
  hold: 'A legal hold forbids erasing anything.',
  queued:
    'Messages, or what the account’s webhooks are told, wait to be sent. They can be erased once they have left.',
};

/** How much an account has of a number. */
export interface AccountFinding {
  accountId: number;
  accountName: string;
  messages: number;
  replies: number;
  isBlocked: boolean;
  events: number;
  removalRequests: number;
  /** What was written down of consents. */
  consents: number;
  /** Numbers in lists that were handed in, notices, e-mails and entries of the logs that name it. */
  mentions: number;
  kept: KeptReason[];
}

/** All there is of a number. */
export interface PersonFinding {
  msisdn: string;
  /** What the audit log calls the number: a keyed hash of it. */
  mark: string;
  accounts: AccountFinding[];
  /** Replies without an owner, conversations, receipts and the simulator's phone. */
  withoutAccount: number;
  /** A user or a trial account has it as their own number: that is theirs to change. */
  isOwnNumber: boolean;
  hold: boolean;
}

/** The day as the sentence in place of a text has it: "29 November 2026", South African time. */
function formatDay(now: Date): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'Africa/Johannesburg',
  }).format(now);
}

/** What stands in place of what was erased, wherever it is shown, downloaded or given as evidence. */
export function describeErasure(what: 'Text' | 'Address', now: Date, why: 'retention' | 'request'): string {
  const cause =
    why === 'retention' ? 'under the provider’s retention rules' : 'at the request of the person it is about';
  return `${what} erased on ${formatDay(now)} ${cause}.`;
}
