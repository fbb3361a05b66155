import {
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import type { Pool } from 'pg';
import { z } from 'zod';
import { isLetInSql } from '@/lib/auth/membership-sql';
import type { PasskeyPurpose } from '@/lib/db/generated/enums';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { log } from '@/lib/log';
import { keepChallenge, takeChallenge } from './challenges';
import { findRelyingParty } from './relying-party';

/**
 * What a passkey signs to show that it is there. For signing in it is not known whose: any of this site may
 * answer.
 */
type Asked =
  | { purpose: Extract<PasskeyPurpose, 'SIGN_IN'>; userId: null }
  | { purpose: Extract<PasskeyPurpose, 'SECOND_STEP' | 'PROOF'>; userId: number };

/** The most of an answer that is read; real ones have less than a thousand characters. */
const longestAnswer = 20_000;

/** base64url, as WebAuthn's JSON has bytes. */
const bytes = z.string().regex(/^[\w-]*$/);
const answerSchema = z.object({
  id: bytes.min(1).max(2000),
  rawId: bytes,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    authenticatorData: bytes,
    signature: bytes,
    userHandle: bytes.nullish().transform((handle) => handle ?? undefined),
  }),
  clientExtensionResults: z.unknown().transform(() => ({})),
});

/** Reads JSON that a browser sent; null when it is none, or of another shape. */
export function readJson<Schema extends z.ZodType>(text: string, schema: Schema): z.output<Schema> | null {
  if (text.length > longestAnswer) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : null;
}

/** The challenge that an answer says it answers. */
export function readChallenge(clientDataJSON: string): string | null {
  const text = Buffer.from(clientDataJSON, 'base64url').toString('utf8');
  return readJson(text, z.object({ challenge: z.string().max(200) }))?.challenge ?? null;
}

/**
 * What the browser hands to a passkey. Null: this installation's address allows none, or they have none.
 *
 * The owner is to be verified (fingerprint, PIN) each time: what is signed then stands for something one has
 * and something one is or knows.
 */
export async function askForPasskey(
  pool: Pool,
  asked: Asked,
  now: Date,
): Promise<PublicKeyCredentialRequestOptionsJSON | null> {
  const party = findRelyingParty();
  if (!party) return null;
  const allowed = asked.userId === null ? [] : await listCredentials(pool, asked.userId);
  if (asked.userId !== null && allowed.length === 0) return null;
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: 'required',
    allowCredentials: allowed,
  });
  await keepChallenge(pool, options.challenge, asked, now);
  return options;
}

/** Somebody's passkeys, as browsers are told of them. */
export async function listCredentials(
  pool: Pool,
  userId: number,
): Promise<{ id: string; transports: string[] }[]> {
  const rows = await prismaOn(pool).passkey.findMany({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { credentialId: 'asc' }],
    select: { credentialId: true, transports: true },
  });
  return rows.map(({ credentialId, transports }) => ({ id: credentialId, transports }));
}

const findPasskey = statement({
  name: 'find-passkey',
  values: { credentialId: 'text' },
  columns: {
    ...columnsOf('Passkey', 'userId', 'publicKey', 'counter'),
    ...columnsOf('User', 'username', 'passkeyHandle'),
    isActive: 'bool',
  },
  sql: ($) => `
    select p.user_id as "userId", p.public_key as "publicKey", p.counter, u.username, u.passkey_handle as "passkeyHandle",
      ${isLetInSql} as "isActive"
    from passkey p join portal_user u on u.id = p.user_id
    where p.credential_id = ${$.credentialId}`,
});

// Guarded, so that of two answers with one count only one is taken; 0 again is of a passkey that does not
// count.
const countUse = statement({
  name: 'count-use-of-passkey',
  values: { credentialId: 'text', counter: 'int8', now: 'timestamptz' },
  sql: ($) => `
    update passkey set counter = ${$.counter}, last_used_at = ${$.now}
    where credential_id = ${$.credentialId} and (counter < ${$.counter} or (counter = 0 and ${$.counter} = 0))`,
});

export interface Assertion {
  userId: number;
  username: string;
  /** Neither they are suspended, nor everything that they belong to. */
  isActive: boolean;
}

/**
 * Looks at what a passkey has signed, and counts the use.
 *
 * @param answer JSON, as the browser sent it
 * @returns whose it is; null when it is not known, of somebody else than was asked, signed for another site
 *   or another time, or its counter does not go up, as that of a copy. Which of these it was stands in the
 *   log, without names.
 */
export async function readAssertion(
  pool: Pool,
  answer: string,
  asked: Asked,
  now: Date,
): Promise<Assertion | null> {
  const refuse = (why: string, err?: unknown) => {
    log.warn({ purpose: asked.purpose, userId: asked.userId, why, err }, 'A passkey was refused');
    return null;
  };
  const party = findRelyingParty();
  const response = readJson(answer, answerSchema);
  const challenge = response && readChallenge(response.response.clientDataJSON);
  if (!party || !response || challenge === null) return refuse('unreadable');
  if (!(await takeChallenge(pool, challenge, asked, now))) return refuse('not asked for');
  const passkey = await findPasskey.one(pool, { credentialId: response.id });
  if (!passkey) return refuse('unknown');
  if (asked.userId !== null && passkey.userId !== asked.userId) return refuse('somebody else’s');
  const { userHandle } = response.response;
  // One that says whose it is says so rightly.
  if (userHandle !== undefined && userHandle !== encodeHandle(passkey.passkeyHandle)) {
    return refuse('another handle');
  }
  const counter = Number(passkey.counter);
  let newCounter: number;
  try {
    const verification = await verifyAuthenticationResponse({
      response: response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: response.id, publicKey: new Uint8Array(passkey.publicKey), counter },
    });
    if (!verification.verified) return refuse('signature');
    newCounter = verification.authenticationInfo.newCounter;
  } catch (err) {
    // Whatever is wrong with an answer, the library throws a plain Error.
    return refuse('not valid', err);
  }
  const isCounted = await countUse.run(pool, { credentialId: response.id, counter: newCounter, now });
  if (isCounted !== 1) return refuse('counter');
  const { userId, username, isActive } = passkey;
  return { userId, username, isActive };
}

/** What a passkey keeps of its owner: the bytes of the handle's text. */
export function toHandleBytes(handle: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(handle, 'utf8'));
}

function encodeHandle(handle: string): string {
  return Buffer.from(toHandleBytes(handle)).toString('base64url');
}
