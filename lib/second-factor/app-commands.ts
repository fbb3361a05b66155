import type { Pool } from 'pg';
import { recordFactorEvent } from '@/lib/auth/person-events';
import type { HalfScope, PersonScope } from '@/lib/auth/scope';
import type { Refusal } from '@/lib/auth/schema';
import { completeSession } from '@/lib/auth/sessions';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { log } from '@/lib/log';
import { holdFactors, replaceRecoveryCodes, type HeldFactors } from './factors';
import { checkProof } from './proof';
import type { AppSetup, Proof } from './schema';
import { openSecret, sealSecret } from './sealed-secret';
import { checkCode, composeAppSetup, explainClock, makeAppSecret } from './totp';

const endedMeanwhile: Refusal = {
  ok: false,
  reason: 'ended',
  message: 'This sign-in took too long and has ended. Sign in again.',
};

/**
 * Who has half signed in sets up a first factor, never another: whoever knows a password must not get past
 * the factor by it.
 */
export function refuseHalf(who: PersonScope | HalfScope, factors: HeldFactors): Refusal | null {
  if (!who.isHalf || (!factors.hasApp && factors.passkeys === 0)) return null;
  return {
    ok: false,
    reason: 'has-one',
    message: 'A second factor has been set up meanwhile. Reload the page to use it.',
  };
}

/**
 * Begins to set up an authenticator app; one that is there goes on working until the new one has shown a
 * code.
 */
export async function beginApp(
  pool: Pool,
  who: PersonScope | HalfScope,
  now: Date,
): Promise<{ ok: true; setup: AppSetup } | Refusal> {
  return withTransaction(pool, async (client) => {
    const factors = await holdFactors(client, who.userId);
    const refusal = refuseHalf(who, factors);
    if (refusal) return refusal;
    // A fresh one each time: whoever has begun before, in another browser, is not to know the secret of this
    // one.
    const secret = makeAppSecret();
    const pending = { pendingSecret: sealSecret(secret, who.userId), pendingSince: now };
    await prismaOn(client).authenticatorApp.upsert({
      where: { userId: who.userId },
      create: { userId: who.userId, ...pending },
      update: pending,
    });
    return { ok: true, setup: composeAppSetup(secret, factors.username) };
  });
}

/** Whoever may begin: with a proof, as an open browser alone must not be enough. */
export async function beginOwnApp(
  pool: Pool,
  person: PersonScope,
  proof: Proof,
  now: Date,
): Promise<{ ok: true; setup: AppSetup } | Refusal> {
  return (await checkProof(pool, person, proof, now)) ?? beginApp(pool, person, now);
}

/** How long a code that is being set up may be typed. */
const setupMinutes = 60;

/**
 * Takes the first code of the app that is being set up: from now on its codes are asked for. Whoever had only
 * half signed in has then signed in.
 *
 * @returns ten recovery codes with the first factor, to be shown once; null otherwise
 */
export async function confirmApp(
  pool: Pool,
  who: PersonScope | HalfScope,
  typed: string,
  now: Date,
): Promise<{ ok: true; codes: string[] | null } | Refusal> {
  return withTransaction(pool, async (client) => {
    const factors = await holdFactors(client, who.userId);
    const refusal = refuseHalf(who, factors);
    if (refusal) return refusal;
    const { authenticatorApp } = prismaOn(client);
    const begun = await authenticatorApp.findFirst({
      where: { userId: who.userId, pendingSince: { gt: new Date(now.getTime() - setupMinutes * 60_000) } },
    });
    const pending = begun?.pendingSecret ?? null;
    const secret = pending === null ? null : openSecret(pending, who.userId);
    if (secret === null) {
      return { ok: false, reason: 'gone', message: 'Nothing is being set up any more. Begin again.' };
    }
    const verdict = checkCode(secret, typed, now);
    if (verdict.kind === 'clock') {
      return { ok: false, reason: 'clock', message: explainClock(verdict.minutesFast) };
    }
    if (verdict.kind === 'wrong') {
      return {
        ok: false,
        reason: 'wrong',
        message: 'This is not the code. Type the one that the app shows now for the picture on this page.',
      };
    }
    // Before anything is written: what is refused leaves no trace.
    if (who.isHalf && !(await completeSession(client, who, 'CODE', now))) return endedMeanwhile;
    await authenticatorApp.update({
      where: { userId: who.userId },
      data: {
        secret: pending,
        confirmedAt: now,
        lastStep: verdict.step,
        toldSteps: [],
        pendingSecret: null,
        pendingSince: null,
      },
    });
    await recordFactorEvent(client, who, factors.hasApp ? 'app-replaced' : 'app-added', now);
    const isFirst = !factors.hasApp && factors.passkeys === 0;
    return { ok: true, codes: isFirst ? await replaceRecoveryCodes(client, who.userId, now) : null };
  });
}

/** Removes the authenticator app; with the last factor the recovery codes go, too. */
export async function removeApp(
  pool: Pool,
  person: PersonScope,
  proof: Proof,
  now: Date,
): Promise<{ ok: true } | Refusal> {
  const refusal = await checkProof(pool, person, proof, now);
  if (refusal) return refusal;
  return withTransaction(pool, async (client) => {
    const factors = await holdFactors(client, person.userId);
    if (!factors.hasApp) return { ok: true };
    if (factors.passkeys === 0 && factors.isRequired) return refuseLast;
    const of = { where: { userId: person.userId } };
    await prismaOn(client).authenticatorApp.deleteMany(of);
    if (factors.passkeys === 0) await prismaOn(client).recoveryCode.deleteMany(of);
    await recordFactorEvent(client, person, 'app-removed', now);
    return { ok: true };
  });
}

export const refuseLast: Refusal = {
  ok: false,
  reason: 'required',
  message:
    'A second factor is required of you, and this is your only one. Set up another first, then remove this one.',
};

/** Fresh recovery codes in place of those before. */
export async function renewRecoveryCodes(
  pool: Pool,
  person: PersonScope,
  proof: Proof,
  now: Date,
): Promise<{ ok: true; codes: string[] } | Refusal> {
  const refusal = await checkProof(pool, person, proof, now);
  if (refusal) return refusal;
  return withTransaction(pool, async (client) => {
    const factors = await holdFactors(client, person.userId);
    if (!factors.hasApp && factors.passkeys === 0) {
      return { ok: false, message: 'There is no second factor any more. Set one up first.' };
    }
    const codes = await replaceRecoveryCodes(client, person.userId, now);
    await recordFactorEvent(client, person, 'recovery-codes-renewed', now);
    return { ok: true, codes };
  });
}

/** The secret of somebody's app; null when they have none, or it was sealed with another AUTH_SECRET. */
export function openAppSecret(sealed: string | null, userId: number): string | null {
  if (sealed === null) return null;
  const secret = openSecret(sealed, userId);
  if (secret === null) {
    log.error({ userId }, 'The secret of an authenticator app cannot be read: AUTH_SECRET has changed since');
  }
  return secret;
}
