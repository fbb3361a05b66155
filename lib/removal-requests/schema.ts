import type { OptOutKind } from '@/lib/opt-outs/schema';
import type { MessageStatus } from '@/lib/messages/schema';
import type { StoredEvidence } from './evidence';
import type { RequestRow } from './list';

export const removalRequestStates = [
  'AWAITING_CONFIRMATION',
  'AWAITING_REPLY',
  'AWAITING_APPROVAL',
  'REMOVED',
  'REFUSED',
  'EXPIRED',
  'REJECTED',
  'CANCELLED',
] as const;
export type RemovalRequestState = (typeof removalRequestStates)[number];

/** What can happen to a request; `BLOCK_LIFTED`: the block it asks about ended otherwise (a correction). */
export const removalRequestEvents = [
  'REQUESTED',
  'CONFIRMED',
  'YES',
  'NO',
  'OPT_OUT',
  'OTHER',
  'APPROVED',
  'REJECTED',
  'CANCELLED',
  'EXPIRED',
  'BLOCK_LIFTED',
] as const;
export type RemovalRequestEvent = (typeof removalRequestEvents)[number];

export const openStates = ['AWAITING_CONFIRMATION', 'AWAITING_REPLY', 'AWAITING_APPROVAL'] as const;

export function isOpen(state: RemovalRequestState): boolean {
  return (openStates as readonly RemovalRequestState[]).includes(state);
}

/** The opt-outs a request may lift. What an account entered itself it removes itself. */
export const requestableKinds = ['REPLY', 'SHARED_SENDER', 'STAFF'] as const satisfies readonly OptOutKind[];

/** The most requests that staff decide at a time. */
export const maxDecisionsAtATime = 200;

export interface RemovalRequestEventRow {
  id: string;
  kind: RemovalRequestEvent;
  fromState: RemovalRequestState | null;
  toState: RemovalRequestState;
  /** "recipient", "user:7", "staff:3", "owner", "visitor" or "system". */
  actor: string;
  /** The name behind "user:7" or "staff:3". */
  actorName: string | null;
  reason: string | null;
  evidence: StoredEvidence;
  createdAt: string;
}

export interface ConsentSms {
  messageId: string;
  text: string;
  segments: number;
  senderNumber: string;
  status: MessageStatus;
  reason: string | null;
  dueAt: string | null;
  sentAt: string | null;
  finishedAt: string | null;
}

/** A reply that stands beside a request. */
export interface AnswerRow {
  replyId: string;
  text: string;
  /** How many characters it has when `text` is but its beginning; null: `text` is all of it. */
  wholeLength: number | null;
  senderNumber: string;
  receivedAt: string;
  /** Whether it is the one that decided (the YES, the NO, the new opt-out). */
  decided: boolean;
  /** It came after the request was over, and changed nothing. */
  late: boolean;
}

/** Times: ISO 8601, UTC. */
export interface RemovalRequestDetail extends RequestRow {
  episodeId: string;
  permission: { text: string; by: string | null; at: string; address: string | null };
  consent: ConsentSms | null;
  /** What the recipient wrote to the number that asked since the request was made, oldest first. */
  answers: AnswerRow[];
  events: RemovalRequestEventRow[];
  decidedByName: string | null;
  /** Whether the customer may cancel it now. */
  canCancel: boolean;
}

export type RequestRefusal =
  | 'no-permission'
  | 'invalid-number'
  | 'not-opted-out'
  /** Entered by the account itself, which removes it itself. */
  | 'own-entry'
  /** The recipient has been asked in this episode; with that request. */
  | 'already-asked'
  | 'already-open'
  /** A trial writes to its own number alone, so it cannot ask anybody else. */
  | 'trial'
  /** The account has no number to send from. */
  | 'no-sender-number';

export type RequestResult =
  | {
      ok: true;
      requestId: string;
      /** When the consent SMS leaves, and until when the recipient may answer. */
      consentDueAt: string;
      expiresAt: string;
    }
  | Refused;

export interface Refused {
  ok: false;
  reason: RequestRefusal;
  /** For people: why not, and what to do. */
  message: string;
  /** The request that is open, or that asked. */
  request: { id: string; state: RemovalRequestState; at: string } | null;
}

/**
 * What a form needs before it is sent: whether a number may be asked about, and what would be sent, and when.
 */
export type RequestPreview =
  | { ok: true; msisdn: string; consent: ConsentPreview; permissionText: string }
  | Refused;

export interface ConsentPreview {
  text: string;
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
  /** When it would leave if it were asked now. */
  dueAt: string;
  expiryDays: number;
}

export type ContactResult =
  /** Always the same, whether or not the account, the number or the opt-out exists. */
  | { ok: true; message: string }
  | { ok: false; reason: 'throttled'; message: string; retryAfterSeconds: number };

export type ConfirmResult =
  | {
      ok: true;
      accountId: number;
      requestId: string;
      msisdn: string;
      consentDueAt: string;
      expiresAt: string;
    }
  | {
      ok: false;
      reason: 'unknown' | 'used' | 'expired' | 'no-longer-possible' | 'no-sender-number';
      message: string;
    };

export type CancelResult = { ok: true } | { ok: false; reason: 'not-found' | 'too-late'; message: string };

export interface Visit {
  /** Where the person is; null when that is not known. */
  address: string | null;
}

export interface RequestKey {
  accountId: number;
  requestId: string;
}

export type Decision = { decision: 'approve' } | { decision: 'reject'; reason: string };

export type DecisionResult = RequestKey &
  (
    | { ok: true; state: RemovalRequestState }
    | {
        ok: false;
        reason: 'not-found' | 'not-awaiting-approval' | 'no-reason';
        state: RemovalRequestState | null;
        message: string;
      }
  );

export type CorrectionResult =
  | { ok: true; msisdn: string; episodeId: string }
  | {
      ok: false;
      reason: 'no-account' | 'invalid-number' | 'no-reason' | 'already-there' | 'not-there';
      message: string;
    };

/** One request with all that is needed to decide on it. */
export interface StaffRequest extends RemovalRequestDetail {
  account: { id: number; name: string; status: 'ACTIVE' | 'SUSPENDED' };
  /** The block as it is now; null once lifted. */
  optOut: {
    kind: OptOutKind;
    replyText: string | null;
    rule: string | null;
    senderNumber: string | null;
    createdAt: string;
  } | null;
  /** How the episode began: the reply word for word, the rule, the message it answered. */
  blockedBy: {
    actor: string;
    reason: string | null;
    /** The event that holds the reply. */
    eventId: string;
    text: string | null;
    /** As of {@link AnswerRow}. */
    wholeLength: number | null;
    rule: string | null;
    senderNumber: string | null;
    answeredText: string | null;
    at: string;
  } | null;
  /** Other episodes of this number with this account, newest first. */
  earlierEpisodes: { episodeId: string; beganAt: string; endedAt: string | null; endedBy: string | null }[];
  /** Other requests about this number by this account, newest first. */
  earlierRequests: RequestRow[];
  history: AccountHistory;
}

/** What an account's requests came to, over its life. */
export interface AccountHistory {
  since: string;
  messages30Days: number;
  optOuts: number;
  requests: Record<RemovalRequestState, number>;
}
