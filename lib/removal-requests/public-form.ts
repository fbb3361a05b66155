import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { withTransaction } from '@/lib/db/client';
import { readNetwork } from '@/lib/http/visitor-address';
import { enqueueJobs } from '@/lib/jobs/enqueue';
import { composeEmail, linkPlaceholder } from '@/lib/notices/compose';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { enqueueEmails } from '@/lib/notices/outbox';
import { describeRefusal, getPlaces } from '@/lib/http/shares';
import { formatMsisdn, parseMsisdn } from '@/lib/sms/msisdn';
import { findSender } from '@/lib/messages/commands';
import { describePermission } from './consent';
import { confirmRequest, createRequest, type OwnersLink } from './creation';
import { hashLink, makeSeed, matchesHash, parseToken } from '@/lib/notices/request-link';
import { enqueueExpiries } from './progress';
import { previewConsentOf } from './preview';
import type { ConfirmResult, ConsentPreview, ContactResult, Visit } from './schema';
import { judgeSubject, lockSubject } from './subject';
import { takeContactAttempt } from './throttle';

/** How long the owner has to follow the link. */
const linkHours = 48;

/** What is typed on the public form. `website` is the honeypot: hidden from people, filled in by programs. */
export const contactForm = z.object({
  account: z
    .string()
    .trim()
    .regex(/^w?\s*(?=\d*[1-9])\d{1,9}$/i, 'Enter the account number, for example W58324.')
    .transform((text) => Number(text.replace(/\D/g, ''))),
  number: z
    .string()
    .trim()
    .min(1, 'Enter the number.')
    .max(40, 'That is too long for a number.')
    .transform((typed, context) => {
      const parsed = parseMsisdn(typed);
      if (parsed.ok) return parsed.msisdn;
      context.addIssue({ code: 'custom', message: parsed.message, input: typed });
      return z.NEVER;
    }),
  permission: z
    .boolean()
    .refine((isTicked) => isTicked, 'Tick the box to give permission; without it nobody can be asked.'),
  website: z.string().max(1000).default(''),
});
type ContactForm = z.output<typeof contactForm>;

/** What everybody is told, whatever there is. */
export const contactAnswer =
  'Thank you. If this account and this opt-out exist, a link is on its way to the e-mail address of the account’s owner. ' +
  'Nobody is asked before they follow it.';

/**
 * The contact form of somebody who is not signed in. The answer tells nothing, in words or in time: whether
 * there is such an account, and anything to ask it about, is for a job to find out, and whoever waits for the
 * answer waits for the same few statements in every case.
 */
export async function requestPublicly(
  pool: Pool,
  form: ContactForm,
  visit: Visit,
  now = new Date(),
): Promise<ContactResult> {
  // Each holds a connection of the pages for a few statements; a crowd of strangers waits for each other, not
  // for the pages.
  const place = await getPlaces('public-form').acquire({
    account: null,
    address: readNetwork(visit.address),
  });
  if (!place.ok) {
    const { detail: message, retryAfterSeconds } = describeRefusal('public-form', place);
    return { ok: false, reason: 'throttled', message, retryAfterSeconds };
  }
  try {
    return await takeForm(pool, form, visit, now);
  } finally {
    place.release();
  }
}

async function takeForm(
  pool: Pool,
  { account: accountId, number: msisdn, website }: ContactForm,
  visit: Visit,
  now: Date,
): Promise<ContactResult> {
  const retryAfterSeconds = await takeContactAttempt(pool, accountId, visit.address);
  if (retryAfterSeconds > 0) {
    const minutes = Math.ceil(retryAfterSeconds / 60);
    const message = `There were many requests. Please try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
    return { ok: false, reason: 'throttled', message, retryAfterSeconds };
  }
  const isProgram = website !== '';
  if (!isProgram) {
    const payload = {
      accountId,
      msisdn,
      seed: makeSeed(),
      requestedAt: now.toISOString(),
      address: visit.address,
    };
    await enqueueJobs(pool, 'open-public-request', [{ payload, runAt: now }]);
  }
  return { ok: true, message: contactAnswer };
}

/** What the form was sent with. */
export interface PublicRequest {
  accountId: number;
  msisdn: string;
  seed: string;
  requestedAt: Date;
  address: string | null;
}

/**
 * The job of a form that was sent: makes the request, or a new link for the one that waits for its owner, and
 * writes the owner the e-mail; nothing when there is nothing to ask for, or when all of it was done before
 * the worker died.
 */
export async function openPublicRequest(pool: Pool, form: PublicRequest): Promise<void> {
  await withTransaction(pool, (client) => open(client, form));
}

// No Prisma: this is a job of the worker's.
const findActive = statement({
  name: 'find-active-account',
  values: { accountId: 'int4' },
  sql: ($) => `select from account where id = ${$.accountId} and status = 'ACTIVE'`,
});

async function open(client: PoolClient, form: PublicRequest): Promise<void> {
  const { accountId, msisdn, seed, requestedAt } = form;
  if ((await findActive.run(client, { accountId })) === 0) return;
  const subject = await lockSubject(client, accountId, msisdn);
  const judged = judgeSubject(subject, msisdn);
  if (!judged.ok) return;
  const { account, optOut, unconfirmed } = judged;
  const makeLink = (requestId: string): OwnersLink => ({
    hash: hashLink({ accountId, requestId }, seed),
    expiresAt: new Date(requestedAt.getTime() + linkHours * 3_600_000),
  });
  const send = (requestId: string) =>
    queueLink(client, { accountId, requestId, msisdn, seed, accountName: account.name });
  if (unconfirmed) {
    const link = makeLink(unconfirmed.id);
    if ((await renewLink.run(client, { accountId, requestId: unconfirmed.id, ...link })) === 0) return;
    await enqueueExpiries(client, [{ accountId, id: unconfirmed.id, expiresAt: link.expiresAt }]);
    await send(unconfirmed.id);
    return;
  }
  await createRequest(
    client,
    { accountId, msisdn, episodeId: optOut.id, account },
    {
      isSignedIn: false,
      actor: 'visitor',
      permission: {
        text: describePermission(account.name, msisdn),
        userId: null,
        at: requestedAt,
        address: form.address,
      },
      async sendLink(requestId) {
        await send(requestId);
        return makeLink(requestId);
      },
    },
    requestedAt,
  );
}

/**
 * The link of the e-mail before no longer works. Guarded, though it is locked: it may have been made before
 * the worker died.
 */
const renewLink = statement({
  name: 'renew-request-link',
  values: { accountId: 'int4', requestId: 'int8', hash: 'text', expiresAt: 'timestamptz' },
  sql: ($) => `
    update removal_request set link_hash = ${$.hash}, link_expires_at = ${$.expiresAt}, expires_at = ${$.expiresAt}
    where account_id = ${$.accountId} and id = ${$.requestId} and state = 'AWAITING_CONFIRMATION'
      and link_hash is distinct from ${$.hash}`,
});

const insertLinkEmail = statement({
  name: 'queue-link-email',
  values: {
    accountId: 'int4',
    eventKey: 'text',
    subject: 'text',
    text: 'text',
    html: 'text',
    linkSeed: 'text',
  },
  columns: columnsOf('Email', 'accountId', 'id'),
  sql: ($) => `
    insert into email (account_id, event_key, recipient, subject, text, html, link_seed)
    select id, ${$.eventKey}, owner_email, ${$.subject}, ${$.text}, ${$.html}, ${$.linkSeed}
    from account where id = ${$.accountId}
    on conflict (account_id, event_key) do nothing
    returning account_id as "accountId", id`,
});

async function queueLink(
  client: PoolClient,
  to: { accountId: number; requestId: string; msisdn: string; seed: string; accountName: string },
): Promise<void> {
  const number = formatMsisdn(to.msisdn);
  const subject = `Confirm: may we ask ${number} whether you may write again?`;
  const { text, html } = composeEmail({
    heading: `Ask ${number} whether ${to.accountName} may write again`,
    paragraphs: [
      `Somebody asked on our contact form, for account ${formatAccountNumber(to.accountId)}, that the opt-out of ${number} be removed.`,
      'If that was you, follow the link and confirm. We then send this number one SMS with the question. The number stays blocked unless its owner replies YES.',
      `If it was not you, do nothing. The link works once, for ${linkHours} hours.`,
    ],
    action: { label: 'Look at the request and confirm it', url: linkPlaceholder },
    footer: `You get this e-mail as the owner of account ${formatAccountNumber(to.accountId)}.`,
  });
  const emails = await insertLinkEmail.all(client, {
    accountId: to.accountId,
    eventKey: `removal-request:${to.requestId}:link:${to.seed.slice(0, 12)}`,
    subject,
    text,
    html,
    linkSeed: to.seed,
  });
  await enqueueEmails(client, emails);
}

const failures = {
  unknown: 'This link is not valid. Use the link of the latest e-mail, the whole of it.',
  used: 'This link has been used: the request is confirmed already.',
  expired: 'This link has expired. Fill in the contact form again.',
  'no-longer-possible': 'This request is over; there is nothing left to confirm.',
  'no-sender-number': 'The account has no sender number yet. Please contact support; nothing was sent.',
} as const;

function fail(reason: keyof typeof failures) {
  return { ok: false, reason, message: failures[reason] } as const;
}

interface LinkedRequest {
  accountId: number;
  requestId: string;
  msisdn: string;
  accountName: string;
  consentText: string | null;
  permissionText: string;
}

/** What a link leads to, read only; `hold` keeps the request for this transaction. */
async function findLinked(
  db: Pool | PoolClient,
  token: string,
  now: Date,
): Promise<({ ok: true } & LinkedRequest) | ReturnType<typeof fail>> {
  const parsed = parseToken(token);
  if (!parsed) return fail('unknown');
  const { accountId, requestId, secret } = parsed;
  const request = await prismaOn(db).removalRequest.findUnique({
    where: { accountId_id: { accountId, id: BigInt(requestId) }, account: { status: 'ACTIVE' } },
    select: {
      msisdn: true,
      state: true,
      linkHash: true,
      linkExpiresAt: true,
      permissionText: true,
      account: { select: { name: true, consentText: true } },
    },
  });
  if (!request || !matchesHash(secret, request.linkHash)) return fail('unknown');
  const { state, linkExpiresAt, msisdn, permissionText, account } = request;
  if (state === 'EXPIRED') return fail('expired');
  if (['AWAITING_REPLY', 'AWAITING_APPROVAL', 'REMOVED'].includes(state)) return fail('used');
  if (state !== 'AWAITING_CONFIRMATION') return fail('no-longer-possible');
  if (linkExpiresAt === null || linkExpiresAt <= now) return fail('expired');
  const { name: accountName, consentText } = account;
  return { ok: true, accountId, requestId, msisdn, accountName, consentText, permissionText };
}

export type LinkResult =
  | {
      ok: true;
      accountId: number;
      accountName: string;
      msisdn: string;
      permissionText: string;
      consent: ConsentPreview;
    }
  | ReturnType<typeof fail>;

/** What the page of the link shows. Changes nothing: programs that scan e-mails open links. */
export async function readLink(pool: Pool, token: string, now = new Date()): Promise<LinkResult> {
  const linked = await findLinked(pool, token, now);
  if (!linked.ok) return linked;
  const { accountId, accountName, consentText, msisdn, permissionText } = linked;
  const consent = await previewConsentOf(pool, { name: accountName, consentText }, now);
  return { ok: true, accountId, accountName, msisdn, permissionText, consent };
}

/** Confirms a public request, once, as whoever holds the owner's e-mail; the recipient is then asked. */
export async function confirmByLink(
  pool: Pool,
  token: string,
  visit: Visit,
  now = new Date(),
): Promise<ConfirmResult> {
  const seen = await findLinked(pool, token, now);
  if (!seen.ok) return seen;
  const msisdn = parseMsisdn(`+${seen.msisdn}`);
  const senderNumber = msisdn.ok ? await findSender(pool, seen, msisdn.msisdn) : null;
  if (senderNumber === null) return fail('no-sender-number');

  return withTransaction(pool, async (client): Promise<ConfirmResult> => {
    await lockSubject(client, seen.accountId, seen.msisdn);
    // Again, now that nobody else can be at it.
    const linked = await findLinked(client, token, now);
    if (!linked.ok) return linked;
    const result = await confirmRequest(
      client,
      { accountId: linked.accountId, requestId: linked.requestId, senderNumber },
      { actor: 'owner', evidence: { address: visit.address } },
      now,
    );
    if (!result.ok) return fail('no-longer-possible');
    return { ...result, accountId: linked.accountId, msisdn: linked.msisdn };
  });
}
