import type { Pool, PoolClient } from 'pg';
import { recordFactorEvent } from '@/lib/auth/person-events';
import type { HalfScope } from '@/lib/auth/scope';
import type { Refusal } from '@/lib/auth/schema';
import { completeSession, holdHalfSession } from '@/lib/auth/sessions';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';
import { RateLimit } from '@/lib/http/rate-limit';
import { log } from '@/lib/log';
import { openAppSecret } from './app-commands';
import { readAssertion } from './assertions';
import { hashRecoveryCode } from './recovery-codes';
import { checkCode, explainClock, readStep } from './totp';

/**
 * Of a million codes three are right at any time: at ten guesses in a quarter of an hour, and fifty a day,
 * somebody who knows the password needs years. Each limit is a person's, wherever the guesses come from.
 * Recovery codes, which cannot be guessed, have a limit of their own, and passkeys none: guesses of others at
 * the app's codes do not keep their owner out.
 */
const byPerson = new RateLimit('second-factor', 10, 15 * 60);
const byPersonAndDay = new RateLimit('second-factor-day', 50, 86_400);
const ofRecovery = new RateLimit('recovery-code', 10, 15 * 60);

const ended: Refusal = {
  ok: false,
  reason: 'ended',
  message: 'This sign-in took too long and has ended. Sign in again.',
};

type Outcome = { ok: true } | Refusal;

/** Takes a code of the authenticator app, each once. */
export async function enterCode(pool: Pool, half: HalfScope, typed: string, now: Date): Promise<Outcome> {
  const person = String(half.userId);
  const wait = (await byPerson.take(pool, person)) || (await byPersonAndDay.take(pool, person));
  if (wait > 0) return throttle(pool, half, wait, now);
  const outcome = await withTransaction(pool, (client) => takeCode(client, half, typed, now));
  if (outcome.ok) await Promise.all([byPerson.forget(pool, person), byPersonAndDay.forget(pool, person)]);
  return outcome;
}

async function takeCode(client: PoolClient, half: HalfScope, typed: string, now: Date): Promise<Outcome> {
  if (!(await holdHalfSession(client, half, now))) return ended;
  const { authenticatorApp } = prismaOn(client);
  const app = await authenticatorApp.findUnique({ where: { userId: half.userId } });
  const secret = openAppSecret(app?.secret ?? null, half.userId);
  const verdict = secret === null ? ({ kind: 'wrong' } as const) : checkCode(secret, typed, now);
  if (verdict.kind === 'wrong') {
    return {
      ok: false,
      reason: 'wrong',
      message: 'This is not the code. Type the one that your app shows now; it changes every half minute.',
    };
  }
  if (verdict.kind === 'clock') {
    // Said of a code that is still to come, this would tell a guesser what to type then.
    if (verdict.minutesFast > 0) {
      await closeStep.run(client, { userId: half.userId, step: verdict.step, oldest: readStep(now) - 1 });
    }
    return { ok: false, reason: 'clock', message: explainClock(verdict.minutesFast) };
  }
  const { count } = await authenticatorApp.updateMany({
    where: {
      userId: half.userId,
      OR: [{ lastStep: null }, { lastStep: { lt: verdict.step } }],
      NOT: { toldSteps: { has: verdict.step } },
    },
    data: { lastStep: verdict.step },
  });
  if (count !== 1) {
    return {
      ok: false,
      reason: 'used',
      message: 'This code has been used already. Wait until your app shows the next one.',
    };
  }
  return (await completeSession(client, half, 'CODE', now)) ? { ok: true } : ended;
}

const closeStep = statement({
  name: 'close-step-of-app',
  values: { userId: 'int4', step: 'int4', oldest: 'int4' },
  sql: ($) => `
    update authenticator_app
    set told_steps = array_append(array(select told from unnest(told_steps) as told where told >= ${$.oldest}), ${$.step})
    where user_id = ${$.userId}`,
});

/** Takes a recovery code, each once, and tells its owner. */
export async function enterRecoveryCode(
  pool: Pool,
  half: HalfScope,
  typed: string,
  now: Date,
): Promise<Outcome> {
  const person = String(half.userId);
  const wait = await ofRecovery.take(pool, person);
  if (wait > 0) return throttle(pool, half, wait, now);
  const outcome = await withTransaction<Outcome>(pool, async (client) => {
    if (!(await holdHalfSession(client, half, now))) return ended;
    const { userId } = half;
    const { recoveryCode } = prismaOn(client);
    const { count } = await recoveryCode.updateMany({
      where: { userId, codeHash: hashRecoveryCode(userId, typed), usedAt: null },
      data: { usedAt: now },
    });
    if (count !== 1) {
      return {
        ok: false,
        reason: 'wrong',
        message: 'This is none of your recovery codes, or it has been used: each works once.',
      };
    }
    const left = await recoveryCode.count({ where: { userId, usedAt: null } });
    await recordFactorEvent(client, half, 'recovery-code-used', now, { left });
    await completeSession(client, half, 'RECOVERY_CODE', now);
    return { ok: true };
  });
  if (outcome.ok) await ofRecovery.forget(pool, person);
  return outcome;
}

/** Takes what a passkey of theirs has signed. */
export async function enterPasskey(pool: Pool, half: HalfScope, answer: string, now: Date): Promise<Outcome> {
  const asked = { purpose: 'SECOND_STEP', userId: half.userId } as const;
  if (!(await readAssertion(pool, answer, asked, now))) {
    return {
      ok: false,
      reason: 'passkey',
      message: 'This passkey did not answer, or is not of the person who is signing in. Try again.',
    };
  }
  return withTransaction(pool, async (client) =>
    (await completeSession(client, half, 'PASSKEY', now)) ? { ok: true } : ended,
  );
}

async function throttle(pool: Pool, half: HalfScope, waitSeconds: number, now: Date): Promise<Refusal> {
  log.warn({ userId: half.userId, waitSeconds }, 'second factor throttled');
  // Whoever comes this far knows the password: its owner must hear of it, once a day.
  if ((await ofWarning.take(pool, String(half.userId))) === 0) {
    await withTransaction(pool, (client) => recordFactorEvent(client, half, 'codes-guessed', now));
  }
  return { ok: false, reason: 'throttled', message: describeWait(waitSeconds) };
}

const ofWarning = new RateLimit('second-factor-warning', 1, 86_400);

function describeWait(seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  const wait = minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
  return `Too many attempts. Wait ${minutes === 1 ? 'a minute' : wait} and try again, or sign in with another of your factors.`;
}
