import type { PoolClient } from 'pg';
import { statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { nextLawfulMinute } from '@/lib/messages/lawful-hours';
import { readPlatformSettings } from '@/lib/platform/settings';
import { composeConsent } from './consent';
import {
  enqueueExpiries,
  insertEvents,
  lockRequests,
  queueConsent,
  recordProgress,
  takeStep,
  type QueuedConsent,
} from './progress';
import type { EvidenceOf } from './evidence';
import { refuseRequest } from './refusals';
import type { RequestKey, RequestResult } from './schema';

const dayMs = 86_400_000;

/** What a request is about. */
interface About {
  accountId: number;
  msisdn: string;
  /** The block that it asks to lift; the transaction holds it (`lockSubject`). */
  episodeId: string;
  account: { name: string; consentText: string | null };
}

interface Permission {
  text: string;
  /** Null: whoever filled in the public form. */
  userId: number | null;
  at: Date;
  address: string | null;
}

/** The link that the owner of the account is e-mailed. */
export interface OwnersLink {
  hash: string;
  expiresAt: Date;
}

/** Who asks, and by what means the effects of their asking are carried out. */
type Asking = { actor: string; permission: Permission } & (
  | { isSignedIn: true; senderNumber: string }
  | { isSignedIn: false; sendLink: (requestId: string) => Promise<OwnersLink> }
);

/**
 * Makes a request, as the machine has it: its first state, and with it the question to the recipient (`ask`)
 * or the link to the owner (`send-link`).
 *
 * @returns null when the recipient has been asked in this episode; nothing is made then
 */
export async function createRequest(
  client: PoolClient,
  about: About,
  asking: Asking,
  now: Date,
): Promise<{ requestId: string; consent: QueuedConsent | null } | null> {
  const { isSignedIn, permission, actor } = asking;
  const evidence = composePermissionEvidence(permission);
  const step = takeStep({ state: 'NEW' }, 'REQUESTED', { isSignedIn }, { actor, evidence });
  if (!step) throw new Error('The machine lets nobody ask.');
  const { id: requestId } = await drawRequestId.only(client, {});
  let consent: QueuedConsent | null = null;
  let link: OwnersLink | null = null;
  for (const effect of step.effects) {
    if (effect === 'ask' && asking.isSignedIn) {
      consent = await ask(client, about, asking.senderNumber, now);
      if (consent === null) return null;
    } else if (effect === 'send-link' && !asking.isSignedIn) {
      link = await asking.sendLink(requestId);
    } else {
      throw new Error(`Whoever asks like this cannot do what the machine wants: ${effect}.`);
    }
  }
  const expiresAt = consent?.expiresAt ?? link?.expiresAt ?? null;
  await insertRequest.run(client, {
    accountId: about.accountId,
    id: requestId,
    msisdn: about.msisdn,
    episodeId: about.episodeId,
    state: step.to,
    isPublic: !isSignedIn,
    permissionText: permission.text,
    permissionUserId: permission.userId,
    permissionAt: permission.at,
    permissionAddress: permission.address,
    consentMessageId: consent?.messageId ?? null,
    consentDueAt: consent?.dueAt ?? null,
    linkHash: link?.hash ?? null,
    linkExpiresAt: link?.expiresAt ?? null,
    expiresAt,
  });
  await tellAccounts(client, [about.accountId], ['removal-requests']);
  const request = { accountId: about.accountId, id: requestId, msisdn: about.msisdn };
  const asked = consent && composeConsentEvidence(consent);
  await insertEvents(client, [{ request, step: { ...step, evidence: { ...evidence, ...asked } } }]);
  if (expiresAt) await enqueueExpiries(client, [{ ...request, expiresAt }]);
  return { requestId, consent };
}

const insertRequest = statement({
  name: 'insert-request',
  values: {
    accountId: 'int4',
    id: 'int8',
    msisdn: 'text',
    episodeId: 'int8',
    state: 'RemovalRequestState',
    isPublic: 'bool',
    permissionText: 'text',
    permissionUserId: 'int4?',
    permissionAt: 'timestamptz',
    permissionAddress: 'text?',
    consentMessageId: 'int8?',
    consentDueAt: 'timestamptz?',
    linkHash: 'text?',
    linkExpiresAt: 'timestamptz?',
    expiresAt: 'timestamptz?',
  },
  sql: ($) => `
    insert into removal_request (account_id, id, msisdn, episode_id, state, is_public, permission_text, permission_user_id,
      permission_at, permission_address, consent_message_id, consent_due_at, link_hash, link_expires_at, expires_at)
    values (${$.accountId}, ${$.id}, ${$.msisdn}, ${$.episodeId}, ${$.state}, ${$.isPublic}, ${$.permissionText},
      ${$.permissionUserId}, ${$.permissionAt}, ${$.permissionAddress}, ${$.consentMessageId}, ${$.consentDueAt}, ${$.linkHash},
      ${$.linkExpiresAt}, ${$.expiresAt})`,
});

const drawRequestId = statement({
  name: 'draw-request-id',
  columns: { id: 'int8' },
  sql: () => `select nextval('removal_request_id_seq') as id`,
});

const updatePermission = statement({
  name: 'replace-permission',
  values: {
    accountId: 'int4',
    requestId: 'int8',
    text: 'text',
    userId: 'int4?',
    at: 'timestamptz',
    address: 'text?',
  },
  sql: ($) => `
    update removal_request set permission_text = ${$.text}, permission_user_id = ${$.userId}, permission_at = ${$.at},
      permission_address = ${$.address}
    where account_id = ${$.accountId} and id = ${$.requestId} and state = 'AWAITING_CONFIRMATION'`,
});

/** Puts the permission of whoever takes an unconfirmed request over in the place of the stranger's. */
export async function replacePermission(
  client: PoolClient,
  key: RequestKey,
  permission: Permission,
): Promise<void> {
  await updatePermission.run(client, { ...key, ...permission });
}

/** Confirms a request that this transaction has locked by its subject, and asks the recipient. */
export async function confirmRequest(
  client: PoolClient,
  { accountId, requestId, senderNumber }: RequestKey & { senderNumber: string },
  by: { actor: string; evidence: Omit<EvidenceOf<'CONFIRMED'>, keyof Asked> },
  now: Date,
): Promise<RequestResult> {
  const [request] = await lockRequests(client, [{ accountId, requestId }]);
  if (request?.state !== 'AWAITING_CONFIRMATION') throw notWaiting();
  const { msisdn, episodeId, accountName: name, consentText } = request;
  const about = { accountId, msisdn, episodeId, account: { name, consentText } };
  const consent = await ask(client, about, senderNumber, now);
  if (!consent) return refuseRequest('already-asked', msisdn);
  const evidence = { ...by.evidence, ...composeConsentEvidence(consent) };
  const step = takeStep(request, 'CONFIRMED', {}, { actor: by.actor, evidence });
  if (!step?.effects.includes('ask')) throw notWaiting();
  await recordProgress(client, [{ request, steps: [step], consent }]);
  return composeAskedResult(requestId, consent);
}

function notWaiting(): Error {
  return new Error('A request was confirmed that does not wait for it.');
}

/** The effect `ask`: queues the consent SMS for its minute; null when the episode has had one. */
async function ask(
  client: PoolClient,
  { account, ...whom }: About,
  senderNumber: string,
  now: Date,
): Promise<QueuedConsent | null> {
  const settings = await readPlatformSettings(client);
  const dueAt = nextLawfulMinute(now, settings);
  const text = composeConsent(account);
  const messageId = await queueConsent(client, { ...whom, senderNumber, text, dueAt });
  if (messageId === null) return null;
  return { messageId, dueAt, expiresAt: new Date(dueAt.getTime() + settings.removalExpiryDays * dayMs) };
}

/** What somebody who asked is answered. */
export function composeAskedResult(requestId: string, { dueAt, expiresAt }: QueuedConsent): RequestResult {
  return {
    ok: true,
    requestId,
    consentDueAt: dueAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** A permission as history keeps it. */
export function composePermissionEvidence({
  text,
  userId,
  at,
  address,
}: Permission): EvidenceOf<'REQUESTED'> {
  return {
    permissionText: text,
    ...(userId !== null && { permissionUserId: userId, permissionAt: at.toISOString() }),
    permissionAddress: address,
  };
}

type Asked = Pick<EvidenceOf<'CONFIRMED'>, 'messageId' | 'dueAt' | 'expiresAt'>;

function composeConsentEvidence({ messageId, dueAt, expiresAt }: QueuedConsent): Asked {
  return { messageId, dueAt: dueAt.toISOString(), expiresAt: expiresAt.toISOString() };
}
