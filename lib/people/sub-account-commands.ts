import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { addUsers, openAccounts } from '@/lib/accounts/open-accounts';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordActivity } from '@/lib/auth/activity';
import { hashPassword } from '@/lib/auth/password';
import type { Refusal } from '@/lib/auth/schema';
import type { AccountScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { statement } from '@/lib/db/statement';
import { giveNotices } from '@/lib/notices/give-notices';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import { issueSecret } from '@/lib/secrets/commands';
import { drawAccountId } from './draw-account-id';
import { findByUsername, lockPeople } from './find-people';

/** What a main account has at most: enough for every branch, too little to fill the numbers of accounts. */
const maxSubAccounts = 200;

export interface NewSubAccount {
  company: string;
  /** Where what the account is told goes. Of a first person, theirs; null: as the main account's. */
  person: { name: string; email: string; username: string } | null;
}

const findMain = statement({
  name: 'find-main-account',
  values: { accountId: 'int4', name: 'text' },
  columns: {
    ownerEmail: 'Account.ownerEmail',
    isTrial: 'bool',
    isSub: 'bool',
    subAccounts: 'int4',
    hasName: 'bool',
  },
  sql: ($) => `
    select owner_email as "ownerEmail", trial_msisdn is not null as "isTrial",
      parent_account_id is not null as "isSub",
      (select count(*)::int from account as sub where sub.parent_account_id = ${$.accountId}) as "subAccounts",
      exists (select from account as sub
        where sub.parent_account_id = ${$.accountId} and lower(sub.name) = lower(${$.name})) as "hasName"
    from account where id = ${$.accountId}`,
});

/**
 * Opens a sub-account of the main account that asks: full, with no credits yet, and with its first person, if
 * one is named, who gets a link to choose a password. Two of the same name are not opened: a second press
 * finds the first one's.
 */
export async function openSubAccount(
  pool: Pool,
  scope: AccountScope,
  { company, person }: NewSubAccount,
  now = new Date(),
): Promise<{ ok: true; accountId: number } | Refusal> {
  // Nobody knows it: the link is the way in.
  const passwordHash = person ? await hashPassword(randomBytes(32).toString('base64url')) : '';
  return withTransaction(pool, async (client) => {
    await lockPeople(client);
    const main = await findMain.only(client, { accountId: scope.accountId, name: company });
    const refusal = refuse(main, company);
    if (refusal) return refusal;
    if (person && (await findByUsername.one(client, { username: person.username }))) {
      return refuseField('username', `“${person.username}” is taken. Choose another username.`);
    }
    const accountId = await drawAccountId(client);
    await openAccounts(client, [
      {
        id: accountId,
        name: company,
        ownerEmail: person?.email ?? main.ownerEmail,
        parentAccountId: scope.accountId,
        credits: 0,
        createdAt: now,
      },
    ]);
    if (person) await addFirstPerson(client, { accountId, company, passwordHash, ...person }, now);
    if (scope.userId !== null) {
      const { userId } = scope;
      await recordActivity(
        client,
        {
          kind: 'account.open-sub-account',
          userId,
          accountId: scope.accountId,
          address: scope.address,
          details: { subAccountId: accountId },
        },
        now,
      );
    }
    return { ok: true, accountId };
  });
}

function refuse(
  main: { isTrial: boolean; isSub: boolean; subAccounts: number; hasName: boolean },
  company: string,
): Refusal | null {
  if (main.isSub) {
    return { ok: false, reason: 'sub-account', message: 'A sub-account has no sub-accounts of its own.' };
  }
  if (main.isTrial) {
    return {
      ok: false,
      reason: 'trial',
      message: 'A trial account has no sub-accounts. Ask us to make it a full account first.',
    };
  }
  if (main.hasName) return refuseField('company', `You already have a sub-account named “${company}”.`);
  if (main.subAccounts < maxSubAccounts) return null;
  return {
    ok: false,
    reason: 'too-many',
    message: `You have ${maxSubAccounts} sub-accounts already. Contact support if you need more.`,
  };
}

function refuseField(field: string, message: string): Refusal {
  return { ok: false, reason: 'invalid', message, fields: { [field]: message } };
}

async function addFirstPerson(
  client: PoolClient,
  person: {
    accountId: number;
    company: string;
    name: string;
    email: string;
    username: string;
    passwordHash: string;
  },
  now: Date,
): Promise<void> {
  const { accountId, company, ...user } = person;
  const [userId] = await addUsers(client, [{ ...user, accountId }]);
  if (userId === undefined) throw new Error('The user was not added.');
  const secretId = randomUUID();
  const secret = {
    id: secretId,
    purpose: 'recover-by-link',
    subject: `user:${userId}`,
    sentTo: user.email,
  } as const;
  await issueSecret(client, secret, now);
  const number = formatAccountNumber(accountId);
  await queuePersonalEmail(client, {
    accountId,
    to: user.email,
    eventKey: '',
    subject: `Your Client Zone account ${number}`,
    heading: `Account ${number} is open for ${company}`,
    paragraphs: [
      `Your username is ${user.username}. Follow the link and choose a password; then you can sign in.`,
      'The link works once, for 30 minutes. After that, choose “Forgot your password?” on the sign-in page.',
    ],
    action: { label: 'Choose a password', purpose: 'recover-by-link', secretId },
    footer: `You get this e-mail because ${company} was opened as a sub-account with you as its first person.`,
  });
}

/**
 * Chooses for a main account and all its sub-accounts whether an opt-out of one of them blocks messages of
 * all (lib/opt-outs/gate.ts). Each list stays as it is, so that going back leaves every block that an account
 * has itself. The sub-accounts are told.
 */
export async function honourFamilyOptOuts(
  pool: Pool,
  scope: AccountScope,
  { honoursAll }: { honoursAll: boolean },
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  const { accountId, userId, address } = scope;
  return withTransaction(pool, async (client) => {
    const { account } = prismaOn(client);
    // Guarded, so that of two presses one tells.
    const { count } = await account.updateMany({
      where: { id: accountId, parentAccountId: null, honoursFamilyOptOuts: !honoursAll },
      data: { honoursFamilyOptOuts: honoursAll },
    });
    if (count === 0) {
      const { parentAccountId } = await account.findUniqueOrThrow({
        where: { id: accountId },
        select: { parentAccountId: true },
      });
      return parentAccountId === null ? { ok: true } : refuseSubAccount(parentAccountId);
    }
    if (userId !== null) {
      const kind = honoursAll ? 'account.honour-all-opt-outs' : 'account.honour-own-opt-outs';
      await recordActivity(client, { kind, userId, accountId, address }, now);
    }
    const subAccounts = await account.findMany({
      where: { parentAccountId: accountId },
      select: { id: true },
    });
    const eventKey = `family-opt-outs:${randomUUID()}`;
    const words = describeChoice(formatAccountNumber(accountId), honoursAll);
    await giveNotices(
      client,
      subAccounts.map(({ id }) => ({ accountId: id, eventKey, ...words })),
    );
    return { ok: true };
  });
}

function describeChoice(main: string, honoursAll: boolean) {
  const where = { path: '/credits/sub-accounts', action: 'Read more' };
  return honoursAll
    ? {
        ...where,
        title: 'Opt-outs of your other accounts count for you too',
        text: [
          `Your main account ${main} has chosen that your accounts honour each other’s opt-outs. From now on a message to whoever has opted out of one of the others is blocked, and costs nothing.`,
          'Your Auto Opt-Outs list is as it was.',
        ],
      }
    : {
        ...where,
        title: 'Only your own opt-outs count for you',
        text: [
          `Your main account ${main} has chosen that each of your accounts honours its own opt-outs alone. Whoever is on your Auto Opt-Outs list stays blocked.`,
        ],
      };
}

function refuseSubAccount(mainAccountId: number): Refusal {
  return {
    ok: false,
    reason: 'sub-account',
    message: `Your main account ${formatAccountNumber(mainAccountId)} decides this for all of its accounts.`,
  };
}
