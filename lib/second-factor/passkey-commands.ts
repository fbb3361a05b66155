import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type PublicKeyCredentialCreationOptionsJSON,
  type VerifiedRegistrationResponse,
} from '@simplewebauthn/server';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { recordFactorEvent } from '@/lib/auth/person-events';
import type { HalfScope, PersonScope } from '@/lib/auth/scope';
import type { Refusal } from '@/lib/auth/schema';
import { completeSession } from '@/lib/auth/sessions';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { log } from '@/lib/log';
import { refuseHalf, refuseLast } from './app-commands';
import { listCredentials, readChallenge, readJson, toHandleBytes } from './assertions';
import { keepChallenge, takeChallenge } from './challenges';
import { holdFactors, replaceRecoveryCodes } from './factors';
import { checkProof } from './proof';
import { findRelyingParty } from './relying-party';
import { maxPasskeyName, maxPasskeys, type Proof } from './schema';

const bytes = z.string().regex(/^[\w-]*$/);
const answerSchema = z.object({
  id: bytes.min(1).max(2000),
  rawId: bytes,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: bytes,
    attestationObject: bytes,
    transports: z.array(z.string().max(30)).max(10).optional().catch(undefined),
  }),
  clientExtensionResults: z.unknown().transform(() => ({})),
});

/** Begins to make a passkey: what the browser hands to the device. */
export async function beginPasskey(
  pool: Pool,
  who: PersonScope | HalfScope,
  now: Date,
): Promise<{ ok: true; options: PublicKeyCredentialCreationOptionsJSON } | Refusal> {
  const party = findRelyingParty();
  if (!party) {
    return {
      ok: false,
      message: 'Passkeys need an address with a name and https, which this installation has not.',
    };
  }
  const user = await prismaOn(pool).user.findUniqueOrThrow({
    where: { id: who.userId },
    select: { username: true, name: true, passkeyHandle: true },
  });
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: user.username,
    userDisplayName: user.name,
    userID: toHandleBytes(user.passkeyHandle),
    // A device that has one already says so, in place of making a second.
    excludeCredentials: await listCredentials(pool, who.userId),
    // Found without a username, and only after the device has asked for a fingerprint or a PIN: it counts for
    // both factors.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    attestationType: 'none',
  });
  await keepChallenge(pool, options.challenge, { purpose: 'REGISTER', userId: who.userId }, now);
  return { ok: true, options };
}

/** With a proof, as an open browser alone must not be enough. */
export async function beginOwnPasskey(
  pool: Pool,
  person: PersonScope,
  proof: Proof,
  now: Date,
): Promise<{ ok: true; options: PublicKeyCredentialCreationOptionsJSON } | Refusal> {
  return (await checkProof(pool, person, proof, now)) ?? beginPasskey(pool, person, now);
}

/** A name as it is kept: what was typed, or what kind it is. */
function composeName(typed: string, isSynced: boolean): string {
  const name = typed.replaceAll('\0', '').replace(/\s+/g, ' ').trim().slice(0, maxPasskeyName);
  return name === '' ? (isSynced ? 'Synced passkey' : 'Passkey of one device') : name;
}

const refused: Refusal = {
  ok: false,
  reason: 'passkey',
  message: 'The passkey could not be checked, so it was not added. Begin again.',
};

/**
 * Keeps a passkey that was made. Whoever had only half signed in has then signed in.
 *
 * @param answer JSON, as the browser sent it
 * @returns ten recovery codes with the first factor, to be shown once; null otherwise
 */
export async function addPasskey(
  pool: Pool,
  who: PersonScope | HalfScope,
  { answer, name }: { answer: string; name: string },
  now: Date,
): Promise<{ ok: true; codes: string[] | null } | Refusal> {
  const made = await readNewPasskey(pool, who.userId, answer, now);
  if (!made) return refused;
  const { credential, credentialBackedUp: isSynced } = made;
  const add = async (client: PoolClient): Promise<{ ok: true; codes: string[] | null } | Refusal> => {
    const factors = await holdFactors(client, who.userId);
    const refusal = refuseHalf(who, factors);
    if (refusal) return refusal;
    if (factors.passkeys >= maxPasskeys) {
      return {
        ok: false,
        message: `You have ${maxPasskeys} passkeys. Remove one that you no longer use first.`,
      };
    }
    const keptName = composeName(name, isSynced);
    const { count } = await prismaOn(client).passkey.createMany({
      data: {
        credentialId: credential.id,
        userId: who.userId,
        publicKey: credential.publicKey,
        counter: credential.counter,
        transports: credential.transports ?? [],
        name: keptName,
        isSynced,
        createdAt: now,
      },
      skipDuplicates: true,
    });
    // One that is known already: whose, is told to nobody.
    if (count !== 1) return refused;
    if (who.isHalf && !(await completeSession(client, who, 'PASSKEY', now))) throw new HalfEndedError();
    await recordFactorEvent(client, who, 'passkey-added', now, { name: keptName });
    const isFirst = !factors.hasApp && factors.passkeys === 0;
    return { ok: true, codes: isFirst ? await replaceRecoveryCodes(client, who.userId, now) : null };
  };
  return withTransaction(pool, add).catch((error: unknown) => {
    if (error instanceof HalfEndedError) return refused;
    throw error;
  });
}

/** Undoes the transaction: whoever took too long to sign in has added nothing. */
class HalfEndedError extends Error {
  override readonly name = 'HalfEndedError';
}

async function readNewPasskey(
  pool: Pool,
  userId: number,
  answer: string,
  now: Date,
): Promise<VerifiedRegistrationResponse['registrationInfo'] | null> {
  const refuse = (why: string, err?: unknown) => {
    log.warn({ purpose: 'REGISTER', userId, why, err }, 'A passkey was refused');
    return null;
  };
  const party = findRelyingParty();
  const response = readJson(answer, answerSchema);
  const challenge = response && readChallenge(response.response.clientDataJSON);
  if (!party || !response || challenge === null) return refuse('unreadable');
  if (!(await takeChallenge(pool, challenge, { purpose: 'REGISTER', userId }, now))) {
    return refuse('not asked for');
  }
  try {
    const verification = await verifyRegistrationResponse({
      response: response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    });
    return verification.verified ? verification.registrationInfo : refuse('attestation');
  } catch (err) {
    // Whatever is wrong with an answer, the library throws a plain Error.
    return refuse('not valid', err);
  }
}

/** Gives a passkey another name. */
export async function renamePasskey(
  pool: Pool,
  person: PersonScope,
  { id, name }: { id: string; name: string },
): Promise<{ ok: true } | Refusal> {
  if (name.trim() === '') return { ok: false, message: 'Write a name.' };
  const { count } = await prismaOn(pool).passkey.updateMany({
    where: { credentialId: id, userId: person.userId },
    data: { name: composeName(name, false) },
  });
  return count === 1 ? { ok: true } : { ok: false, message: 'This passkey has been removed meanwhile.' };
}

/**
 * Removes a passkey here; what the device keeps of it, its owner deletes there. With the last factor the
 * recovery codes go, too.
 */
export async function removePasskey(
  pool: Pool,
  person: PersonScope,
  { id, proof }: { id: string; proof: Proof },
  now: Date,
): Promise<{ ok: true } | Refusal> {
  const refusal = await checkProof(pool, person, proof, now);
  if (refusal) return refusal;
  return withTransaction(pool, async (client) => {
    const factors = await holdFactors(client, person.userId);
    if (factors.passkeys === 1 && !factors.hasApp && factors.isRequired) return refuseLast;
    const { passkey, recoveryCode } = prismaOn(client);
    const own = { credentialId: id, userId: person.userId };
    const removed = await passkey.findFirst({ where: own, select: { name: true } });
    if (!removed) return { ok: true };
    await passkey.deleteMany({ where: own });
    if (factors.passkeys === 1 && !factors.hasApp) {
      await recoveryCode.deleteMany({ where: { userId: person.userId } });
    }
    await recordFactorEvent(client, person, 'passkey-removed', now, removed);
    return { ok: true };
  });
}
