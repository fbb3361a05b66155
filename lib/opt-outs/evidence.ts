import { z } from 'zod';
import type { OptOutKind } from './schema';

/**
 * What an event in the history of an opt-out (opt_out_event) rests on. Each cause keeps what it knows. The
 * cause itself is not stored: the history is append-only and its oldest events have no such field, so it is
 * read from the fields that are there.
 */

const optOutKind = z.enum([
  'REPLY',
  'SHARED_SENDER',
  'MANUAL',
  'IMPORT',
  'API',
  'STAFF',
] satisfies OptOutKind[]);
const reply = {
  /** The whole of it, word for word. */
  text: z.string().nullable(),
  /** Of the matcher; null when none read it so and a person decided. */
  rule: z.string().nullable(),
  replyId: z.number().nullable(),
  /** Which the reply came to. */
  senderNumber: z.string().nullable(),
};

/** The fields of each cause, as they are written. */
const fields = {
  /**
   * A reply of the recipient that blocks: by itself, by a decision of the account, or assigned to it by
   * staff.
   */
  reply: z.object({
    ...reply,
    verdict: z.string(),
    /** The message it answered. */
    messageId: z.number().nullable(),
    /** The accounts that had written from a shared sender number; null or none when one alone had. */
    candidates: z.array(z.number()).nullable().optional(),
    /** A moment as PostgreSQL writes it into JSON. */
    receivedAt: z.string(),
    /** Who assigned a reply without an owner: "staff:3". */
    assignedBy: z.string().optional(),
  }),
  /** A number list that was imported; `file` where the list itself is not kept. */
  import: z.object({
    list: z.number(),
    line: z.number(),
    /** The number as it stands in the file. */
    input: z.string(),
    file: z.string().optional(),
  }),
  /** A program that named where the wish was given, such as a web form. */
  api: z.object({ source: z.string() }),
  /** A user of the account who adds a number by hand. */
  hand: z.object({}),
  /** The account lifts a block that it made itself. */
  account: z.object({ kind: optOutKind }),
  /** A decision about a reply that was taken back before its confirmation SMS had left. */
  undo: z.object({ undone: z.boolean(), replyId: z.number() }),
  /** Staff block a number, because its owner told them to. */
  staff: z.object({ correction: z.boolean(), staffId: z.number() }),
  /** Staff take out what never was the recipient's wish: what the entry was. */
  correction: z.object({ ...reply, correction: z.boolean(), staffId: z.number(), kind: optOutKind }),
  /**
   * An approved removal request: the recipient's YES, the consent SMS it answered, and what kind the entry
   * was.
   */
  request: z.object({
    requestId: z.number(),
    staffId: z.number().nullable(),
    kind: optOutKind,
    text: z.string(),
    replyId: z.number(),
    messageId: z.number().nullable(),
    senderNumber: z.string(),
    receivedAt: z.string(),
  }),
};

type Fields = { [Cause in keyof typeof fields]: z.infer<(typeof fields)[Cause]> };

/** A field of any cause's evidence. */
type EvidenceField = { [Cause in keyof Fields]: keyof Fields[Cause] }[keyof Fields];

/** Reading asks for no field: a query may have left the text out, and old events know less. */
function withCause<Cause extends keyof typeof fields, Shape extends z.ZodRawShape>(
  cause: Cause,
  shape: z.ZodObject<Shape>,
) {
  return shape.partial().extend({ cause: z.literal(cause) });
}

/** Evidence as it is read back, with what caused it. */
export const evidenceSchema = z.preprocess(
  nameCause,
  z.discriminatedUnion('cause', [
    withCause('reply', fields.reply),
    withCause('import', fields.import),
    withCause('api', fields.api),
    withCause('hand', fields.hand),
    withCause('account', fields.account),
    withCause('undo', fields.undo),
    withCause('staff', fields.staff),
    withCause('correction', fields.correction),
    withCause('request', fields.request),
  ]),
);
export type Evidence = z.infer<typeof evidenceSchema>;

/**
 * Which fields tell a cause; the first of which one is there. Staff's two differ by the kind that is kept of
 * what is taken out.
 */
const signs: [Exclude<keyof Fields, 'hand'>, EvidenceField[]][] = [
  ['request', ['requestId']],
  ['undo', ['undone']],
  ['import', ['list', 'file']],
  ['api', ['source']],
  ['reply', ['text', 'rule', 'replyId', 'messageId', 'senderNumber', 'receivedAt', 'candidates', 'verdict']],
  ['account', ['kind']],
];

function nameCause(stored: unknown): unknown {
  // what is no object is refused by the union
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return stored;
  if ('correction' in stored) return { ...stored, cause: 'kind' in stored ? 'correction' : 'staff' };
  const sign = signs.find(([, names]) => names.some((name) => name in stored));
  return { ...stored, cause: sign?.[0] ?? 'hand' };
}

/** SQL of each field of one cause's evidence, such as a column or a parameter. */
export type EvidenceSql = {
  [Cause in keyof Fields]: { cause: Cause } & { [Field in keyof Fields[Cause]]: string };
}[keyof Fields];

/** Evidence as SQL of a jsonb. */
export function composeEvidenceSql({ cause, ...values }: EvidenceSql): string {
  if (cause === 'hand') return `'{}'::jsonb`;
  const pairs = Object.entries(values).flatMap(([field, sql]) =>
    sql === undefined ? [] : [`'${field}', ${sql}`],
  );
  return `jsonb_build_object(${pairs.join(', ')})`;
}

/**
 * A field of an event's evidence as SQL of a text; null when it is not there.
 *
 * @param evidence the column, with its table's alias where it needs one: "event.evidence"
 */
export function evidenceFieldSql(evidence: string, field: EvidenceField): string {
  return `(${evidence} ->> '${field}')`;
}

/** SQL: whether an event's evidence has the field. */
export function hasEvidenceSql(evidence: string, field: EvidenceField): string {
  return `${evidence} ? '${field}'`;
}
