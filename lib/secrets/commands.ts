import type { Pool, PoolClient } from 'pg';
import { columnsOf, selectSql, statement, type Connection } from '@/lib/db/statement';
import { deriveSecret, hashSecret, isSameHash, parseLinkToken } from './derive';
import {
  codePauseSeconds,
  maxTries,
  secretPurposes,
  type CodePurpose,
  type LinkPurpose,
  type SecretPurpose,
} from './purposes';

export interface NewSecret {
  /** Random, drawn by whoever asks: the same one again, from a job that runs twice, is no second one. */
  id: string;
  purpose: SecretPurpose;
  /** Whom or what it confirms: "user:7", "registration:…". */
  subject: string;
  /** The e-mail address or the number it goes to. */
  sentTo: string;
}

export type IssueResult =
  | { ok: true }
  /** There is one of this id: it is on its way. */
  | { ok: false; reason: 'issued' }
  /** A code went out less than a minute ago. */
  | { ok: false; reason: 'too-soon'; waitSeconds: number };

/** Of two that ask at the same moment, the second waits, and sees what the first one made. */
const lockSubject = statement({
  name: 'lock-secret-subject',
  values: { key: 'text' },
  sql: ($) => `select from (select pg_advisory_xact_lock(hashtextextended(${$.key}, 0))) as lock`,
});

const findLast = statement({
  name: 'find-last-secret',
  values: { id: 'uuid', purpose: 'text', subject: 'text' },
  columns: { isIssued: 'bool', lastAt: 'timestamptz?' },
  sql: ($) => `select exists (select from one_time_secret where id = ${$.id}) as "isIssued",
    (select max(created_at) from one_time_secret where subject = ${$.subject} and purpose = ${$.purpose}) as "lastAt"`,
});

const insertSecret = statement({
  name: 'insert-secret',
  values: {
    id: 'uuid',
    purpose: 'text',
    subject: 'text',
    sentTo: 'text',
    hash: 'text',
    now: 'timestamptz',
    expiresAt: 'timestamptz',
  },
  sql: ($) => `
    insert into one_time_secret (id, purpose, subject, sent_to, secret_hash, created_at, expires_at)
    values (${$.id}, ${$.purpose}, ${$.subject}, ${$.sentTo}, ${$.hash}, ${$.now}, ${$.expiresAt})`,
});

/**
 * Makes a secret, in the transaction that queues its e-mail or its SMS; those put it in as they leave. The
 * ones before it, of the same purpose and subject, end.
 */
export async function issueSecret(client: PoolClient, secret: NewSecret, now: Date): Promise<IssueResult> {
  const { id, purpose, subject, sentTo } = secret;
  const { kind, validMinutes } = secretPurposes[purpose];
  await lockSubject.run(client, { key: `secret ${purpose} ${subject}` });
  const last = await findLast.one(client, { id, purpose, subject });
  if (last?.isIssued) return { ok: false, reason: 'issued' };
  const waitMs =
    kind === 'code' && last?.lastAt ? last.lastAt.getTime() + codePauseSeconds * 1000 - now.getTime() : 0;
  if (waitMs > 0) return { ok: false, reason: 'too-soon', waitSeconds: Math.ceil(waitMs / 1000) };

  await endSecrets(client, subject, [purpose], now);
  await insertSecret.run(client, {
    id,
    purpose,
    subject,
    sentTo,
    hash: hashSecret(purpose, id, deriveSecret(purpose, id)),
    now,
    expiresAt: new Date(now.getTime() + validMinutes * 60_000),
  });
  return { ok: true };
}

/** What a secret confirms, once it is used. */
export interface Confirmed {
  id: string;
  subject: string;
  sentTo: string;
}

/** `unknown`: never ours, or cut short. `replaced`: there is a newer one, or what it was for is over. */
export type LinkProblem = 'unknown' | 'used' | 'replaced' | 'expired';

const seenColumns = columnsOf(
  'OneTimeSecret',
  'subject',
  'sentTo',
  'secretHash',
  'expiresAt',
  'usedAt',
  'replacedAt',
);
const readSecret = statement({
  name: 'read-secret',
  values: { id: 'uuid?', purpose: 'text' },
  columns: seenColumns,
  sql: ($) =>
    `select ${selectSql(seenColumns)} from one_time_secret where id = ${$.id} and purpose = ${$.purpose}`,
});

/** Looks at a link without using it: programs that scan e-mails open links. */
export async function readLink(
  connection: Connection,
  purpose: LinkPurpose,
  token: string,
  now: Date,
): Promise<({ ok: true } & Confirmed) | { ok: false; reason: LinkProblem; subject?: string }> {
  const parsed = parseLinkToken(token);
  // The same statement for what cannot be one.
  const row = await readSecret.one(connection, { id: parsed?.id ?? null, purpose });
  if (!parsed || !row || !isSameHash(hashSecret(purpose, parsed.id, parsed.secret), row.secretHash)) {
    return { ok: false, reason: 'unknown' };
  }
  if (row.usedAt) return { ok: false, reason: 'used', subject: row.subject };
  if (row.replacedAt) return { ok: false, reason: 'replaced' };
  if (row.expiresAt <= now) return { ok: false, reason: 'expired' };
  return { ok: true, id: parsed.id, subject: row.subject, sentTo: row.sentTo };
}

const takeSecret = statement({
  name: 'take-secret',
  values: { id: 'uuid?', purpose: 'text', hash: 'text?', now: 'timestamptz' },
  columns: columnsOf('OneTimeSecret', 'subject', 'sentTo'),
  sql: ($) => `
    update one_time_secret set used_at = ${$.now}
    where id = ${$.id} and purpose = ${$.purpose} and secret_hash = ${$.hash} and used_at is null and replaced_at is null
      and expires_at > ${$.now}
    returning subject, sent_to as "sentTo"`,
});

/**
 * Uses a link, once: of two presses at the same moment one gets it. In the transaction of what it confirms.
 */
export async function takeLink(
  client: PoolClient,
  purpose: LinkPurpose,
  token: string,
  now: Date,
): Promise<({ ok: true } & Confirmed) | { ok: false; reason: LinkProblem; subject?: string }> {
  const parsed = parseLinkToken(token);
  const taken = await takeSecret.one(client, {
    id: parsed?.id ?? null,
    purpose,
    hash: parsed && hashSecret(purpose, parsed.id, parsed.secret),
    now,
  });
  if (parsed && taken) return { ok: true, id: parsed.id, ...taken };
  const seen = await readLink(client, purpose, token, now);
  return seen.ok ? { ok: false, reason: 'used', subject: seen.subject } : seen;
}

const findLive = statement({
  name: 'find-live-secret',
  values: { subject: 'text', purpose: 'text', now: 'timestamptz' },
  columns: columnsOf('OneTimeSecret', 'id'),
  sql: ($) => `
    select id from one_time_secret
    where subject = ${$.subject} and purpose = ${$.purpose} and used_at is null and replaced_at is null
      and expires_at > ${$.now}`,
});

const countTry = statement({
  name: 'count-try-of-secret',
  values: { id: 'uuid?', hash: 'text', now: 'timestamptz' },
  columns: { isRight: 'bool', ...columnsOf('OneTimeSecret', 'sentTo') },
  sql: ($) => `
    update one_time_secret set tries = tries + 1, used_at = case when secret_hash = ${$.hash} then ${$.now} end
    where id = ${$.id} and used_at is null and replaced_at is null and expires_at > ${$.now} and tries < ${maxTries}
    returning used_at is not null as "isRight", sent_to as "sentTo"`,
});

/**
 * Tries a code for a subject, and uses it when it is the right one. A wrong one counts, so the transaction
 * must commit then, too. Every reason for a no is the same no: whether there is a code, or such a subject, is
 * told to nobody, and the same statements run.
 */
export async function tryCode(
  client: PoolClient,
  purpose: CodePurpose,
  subject: string,
  typed: string,
  now: Date,
): Promise<({ ok: true } & Confirmed) | { ok: false }> {
  const id = (await findLive.one(client, { subject, purpose, now }))?.id ?? null;
  // People copy it with its spaces.
  const digits = typed.replace(/\s/g, '').slice(0, 20);
  const tried = await countTry.one(client, { id, hash: hashSecret(purpose, id ?? 'none', digits), now });
  return id !== null && tried?.isRight ? { ok: true, id, subject, sentTo: tried.sentTo } : { ok: false };
}

const endOpen = statement({
  name: 'end-secrets',
  values: { subject: 'text', purposes: 'text[]', now: 'timestamptz' },
  sql: ($) => `
    update one_time_secret set replaced_at = ${$.now}
    where subject = ${$.subject} and purpose = any (${$.purposes}) and used_at is null and replaced_at is null`,
});

/** Ends what is still open for a subject: it has changed what the secrets were for. */
export async function endSecrets(
  client: PoolClient,
  subject: string,
  purposes: readonly SecretPurpose[],
  now: Date,
): Promise<void> {
  await endOpen.run(client, { subject, purposes, now });
}

const keptDays = 30;
const deleteOld = statement({
  name: 'delete-old-secrets',
  values: { before: 'timestamptz' },
  sql: ($) => `delete from one_time_secret where expires_at < ${$.before}`,
});

/** Removes what has long been over; until then a late press is told what became of its link. */
export async function pruneSecrets(pool: Pool, now: Date): Promise<void> {
  await deleteOld.run(pool, { before: new Date(now.getTime() - keptDays * 86_400_000) });
}
