import type { MessageKind, MessagePurpose, MessageStatus } from '@/lib/messages/schema';
import type { OptOutKind } from '@/lib/opt-outs/schema';
import type { StoredVerdict } from '@/lib/replies/schema';
import type { ConsentRecord } from '@/lib/consents/schema';
import type { RegistryRecord } from '@/lib/registry/schema';

/** All moments are ISO 8601, UTC. */

/** Everything an account knows of one number. */
export interface NumberStory {
  msisdn: string;
  /** The block in force; null: the number can be written to. */
  block: Episode | null;
  /** Those that have ended, the latest first. */
  earlierEpisodes: Episode[];
  /** What the national registry says of it to this account, and has said; the latest first. */
  registry: RegistryRecord[];
  /** What was consented to, and what became of it; the latest first. */
  consents: ConsentRecord[];
  /** One page of what happened, the latest first. */
  items: StoryItem[];
  /** The cursor of what happened before; null: there is nothing more. */
  earlier: string | null;
}

/** The life of one opt-out. */
export interface Episode {
  id: string;
  /** How it came to be; of a manual entry that a reply has confirmed: the reply. */
  kind: OptOutKind;
  startedAt: string;
  startedBy: string;
  /** The reply that made or confirmed it. */
  evidence: ReplyEvidence | null;
  /** Null: it is in force. */
  end: { at: string; by: string; reason: string | null; wasUndone: boolean } | null;
  /** Null: there was none to send, as nobody had replied. */
  confirmation: { status: MessageStatus; sentAt: string | null; deliveredAt: string | null } | null;
  /**
   * How long the recipient's wish took, from when the reply was received; null when no reply is on record.
   */
  honoured: TimeToHonour | null;
}

/** Milliseconds since the reply was received. */
export interface TimeToHonour {
  receivedAt: string;
  /** 0 when the number was blocked already. */
  blockedMs: number;
  /** Null: not yet, or never. */
  confirmationSentMs: number | null;
  confirmationDeliveredMs: number | null;
}

/** What is kept of the reply that caused something. */
export interface ReplyEvidence {
  /** The reply, word for word; of a long one its beginning. */
  text: string;
  /** How many characters it has when `text` is but its beginning; null: `text` is all of it. */
  wholeLength: number | null;
  rule: string | null;
  senderNumber: string | null;
  receivedAt: string | null;
  answered: AnsweredMessage | null;
  /** Other accounts that had written from the same sender number. */
  sharedWith: number;
}

/** The message that a reply answered. */
export interface AnsweredMessage {
  text: string;
  sentAt: string;
}

export type StoryEventKind = 'OPTED_OUT' | 'CONFIRMED_BY_REPLY' | 'REMOVED' | 'CORRECTED';

export type StoryItem = { id: string; at: string } & (
  | {
      type: 'message';
      kind: MessageKind;
      /** Null: nobody said what it was for. */
      purpose: MessagePurpose | null;
      text: string;
      senderNumber: string;
      status: MessageStatus;
      /** It is known of the first part of a long text alone that it was delivered. */
      isFirstPart: boolean;
      reason: string | null;
      cost: number;
      sentAt: string | null;
      finishedAt: string | null;
    }
  | {
      type: 'reply';
      text: string;
      /** As of {@link ReplyEvidence}. */
      wholeLength: number | null;
      senderNumber: string;
      verdict: StoredVerdict;
      rule: string | null;
      /** When it came to the network's gateway; null: the gateway did not say. */
      arrivedAt: string | null;
      answered: AnsweredMessage | null;
      /** What a person decided about it. */
      review: { decision: 'OPTED_OUT' | 'DISMISSED'; by: string; at: string } | null;
    }
  | {
      type: 'event';
      kind: StoryEventKind;
      who: string;
      reason: string | null;
      reply: ReplyEvidence | null;
      /** The list it came with. */
      list: { id: string | null; name: string; line: number | null } | null;
      /** What else was given as its source, such as a web form that used the API. */
      source: string | null;
    }
);
