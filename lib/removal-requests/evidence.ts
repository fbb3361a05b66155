import { z } from 'zod';
import type { RemovalRequestEventKind } from '@/lib/db/generated/enums';

/**
 * What an event in the history of a removal request (removal_request_event) rests on; the kind of the event
 * says which fields there are.
 */

/** A moment, ISO 8601. */
const moment = z.string();

/** The permission to send the consent SMS. */
const given = z.object({
  permissionText: z.string(),
  permissionAddress: z.string().nullable(),
  /** Who gave it and when; without them it was given on the public form. */
  permissionUserId: z.number().optional(),
  permissionAt: moment.optional(),
});

/** The consent SMS that was queued, when it is due, and when the request ends without an answer. */
const asked = z.object({ messageId: z.string(), dueAt: moment, expiresAt: moment });

/** A reply of the recipient. */
const answered = z.object({
  /** The whole of it, word for word. */
  text: z.string(),
  replyId: z.string(),
  senderNumber: z.string(),
  receivedAt: moment,
  /** Nobody had to approve this YES. */
  autoApproved: z.boolean().optional(),
});

const decided = z.object({ staffId: z.number() });
const nothing = z.object({});

const shapes = {
  REQUESTED: given.extend(asked.partial().shape),
  /** By the owner's link, from an address; or by a user of the account, who gives the permission anew. */
  CONFIRMED: asked.extend(given.partial().shape).extend({ address: z.string().nullable().optional() }),
  YES: answered,
  NO: answered,
  OPT_OUT: answered,
  OTHER: answered,
  APPROVED: decided,
  REJECTED: decided,
  CANCELLED: nothing,
  EXPIRED: nothing,
  BLOCK_LIFTED: nothing,
} satisfies Record<RemovalRequestEventKind, z.ZodObject>;

/** The evidence of an event, as it is written. */
export type EvidenceOf<Event extends RemovalRequestEventKind> = z.infer<(typeof shapes)[Event]>;

/** The evidence of any event, as it is read back: old events may know less. */
export type StoredEvidence = Partial<EvidenceOf<RemovalRequestEventKind>>;

/** Evidence as it is read back. Throws a `ZodError` when a field of it holds something else. */
export function readEvidence(event: RemovalRequestEventKind, stored: unknown): StoredEvidence {
  return shapes[event].partial().parse(stored);
}
