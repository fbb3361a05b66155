import type { Msisdn } from '@/lib/sms/msisdn';

export type MessageStatus =
  | 'QUEUED'
  | 'SENDING'
  | 'SENT'
  | 'DELIVERED'
  | 'FAILED'
  | 'BLOCKED'
  | 'CANCELLED'
  /** It was handed over, and nobody knows whether the network took it. */
  | 'IN_DOUBT'
  /** Sent, and the network has not said what became of it in the time that is set: no failure. */
  | 'NO_RECEIPT';
export type MessageKind = 'NORMAL' | 'CONFIRMATION' | 'CONSENT' | 'SERVICE';

/** What somebody sends a message for. */
export const messagePurposes = ['MARKETING', 'SERVICE'] as const;
export type MessagePurpose = (typeof messagePurposes)[number];

/** The most recipients one batch takes. */
export const maxRecipients = 1000;

export interface SendInput {
  /** As typed: one number each, in any format `parseMsisdn` reads. */
  recipients: readonly string[];
  text: string;
  /**
   * Chosen once per composed message: the same message under the same key again returns the first result and
   * sends nothing; another message under it is refused.
   */
  idempotencyKey: string;
  /** When it is to leave; null or left out: at once. A time that has passed is at once, too. */
  sendAt?: Date | null;
  /** Null or left out: the account's default. */
  purpose?: MessagePurpose | null;
}

export type SendRecipientResult = {
  input: string;
  msisdn: string | null;
  outcome: 'queued' | 'blocked' | 'invalid' | 'duplicate';
  reason: string | null;
};

export type SendResult =
  | {
      ok: true;
      batchId: string;
      queued: number;
      blocked: number;
      invalid: number;
      duplicates: number;
      /** Whole credits; one for each segment that goes out. */
      creditsCharged: number;
      creditsLeft: number;
      /** ISO 8601, UTC, of what leaves later. */
      sendAt: string | null;
      /** How many leave when, where marketing waits for lawful hours. */
      waiting?: Leaving[];
      recipients: SendRecipientResult[];
    }
  | {
      ok: false;
      reason: SendRefusal;
      message: string;
      recipients: SendRecipientResult[];
      /** Of `would-wait`: how many would leave when. */
      waiting?: Leaving[];
    };

export type SendRefusal =
  | 'no-recipients'
  | 'too-many-recipients'
  | 'empty-text'
  | 'text-too-long'
  | 'no-valid-recipients'
  | 'insufficient-credits'
  | 'key-used'
  /** Marketing that does not say who is speaking, or how to opt out, where the provider asks for that. */
  | 'marketing-text'
  /** Nothing was stored: the account may send no marketing, and a person is told before it is blocked. */
  | 'marketing-stopped'
  /** Nothing was stored: whoever sends is asked whether it may wait. */
  | 'would-wait';

/** A recipient who may be written to, with the sender number chosen for them. */
export interface Addressee {
  msisdn: Msisdn;
  senderNumber: string;
}

/** How many messages leave at a time. */
export interface Leaving {
  /** ISO 8601, UTC; null: at once. */
  at: string | null;
  messages: number;
}

/** One press of Send that waits for its time, or what is left of it. Times are ISO 8601, UTC. */
export interface ScheduledBatch {
  batchId: string;
  text: string;
  scheduledAt: string;
  /** The same in the account's time zone: "2026-12-24" and "09:30". */
  date: string;
  time: string;
  createdAt: string;
  /** Who pressed Send; null: a program. */
  createdBy: string | null;
  messages: number;
  /** Whole credits that come back when it is cancelled. */
  credits: number;
  /** Null: it was scheduled before there were purposes. */
  purpose: MessagePurpose | null;
  /** How many leave when, the first first: recipients of one batch may have different mornings. */
  leaving: Leaving[];
  /** It was due at an hour at which marketing may not leave. */
  waitsForHours: boolean;
}

/** What becomes of messages of which nobody knows whether the network took them. */
export const doubtPolicies = ['SEND_AGAIN', 'HOLD'] as const;
export type DoubtPolicy = (typeof doubtPolicies)[number];

/** What a person says of messages in doubt: they arrived, are to be sent again, or are given up. */
export const doubtDecisions = ['SENT', 'SEND_AGAIN', 'GIVE_UP'] as const;
export type DoubtDecision = (typeof doubtDecisions)[number];

export interface DoubtGroupKey {
  accountId: number;
  carrier: string;
  /** ISO 8601, UTC: in which the doubt arose. */
  minute: string;
}

/** Messages in doubt that wait for a person. */
export interface DoubtGroup extends DoubtGroupKey {
  /** Of the account. */
  name: string;
  messages: number;
  /** What comes back when they are given up. */
  credits: number;
}
