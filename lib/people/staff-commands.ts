import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { recordActivity } from '@/lib/auth/activity';
import { endSessionsOf } from '@/lib/auth/end-sessions';
import type { Refusal } from '@/lib/auth/schema';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { queuePersonalEmail } from '@/lib/notices/personal-email';

const findMember = statement({
  name: 'find-member-for-staff',
  values: { accountId: 'int4', userId: 'int4' },
  columns: { ...columnsOf('User', 'id', 'name', 'username', 'email'), accountName: 'Account.name' },
  sql: ($) => `
    select u.id, u.name, u.username, u.email, a.name as "accountName"
    from membership m join portal_user u on u.id = m.user_id join account a on a.id = m.account_id
    where m.account_id = ${$.accountId} and m.user_id = ${$.userId}`,
});
const listOwners = statement({
  name: 'list-owners-to-tell',
  values: { accountId: 'int4', userId: 'int4' },
  columns: columnsOf('User', 'email', 'username'),
  sql: ($) => `
    select u.email, u.username from membership m join portal_user u on u.id = m.user_id
    where m.account_id = ${$.accountId} and m.role = 'OWNER' and m.suspended_at is null and u.id <> ${$.userId}`,
});

/**
 * Takes away the second factor of somebody who has lost it and asked by phone: apps, passkeys and recovery
 * codes. Their sessions end; they and the owners of the account are told. Where one must be had, the next
 * sign-in leads to setting it up.
 */
export async function resetFactor(
  pool: Pool,
  scope: StaffScope,
  { accountId, userId, reason }: { accountId: number; userId: number; reason: string },
  now = new Date(),
): Promise<{ ok: true } | Refusal> {
  return withTransaction(pool, async (client): Promise<{ ok: true } | Refusal> => {
    const person = await findMember.one(client, { accountId, userId });
    if (!person) {
      return { ok: false, reason: 'not-in', message: 'This person is not in the account any more.' };
    }
    const { authenticatorApp, passkey, recoveryCode } = prismaOn(client);
    const apps = await authenticatorApp.deleteMany({ where: { userId } });
    const passkeys = await passkey.deleteMany({ where: { userId } });
    const codes = await recoveryCode.deleteMany({ where: { userId } });
    if (apps.count + passkeys.count + codes.count === 0) {
      return { ok: false, reason: 'none', message: 'They have no second factor; a password is enough.' };
    }
    await endSessionsOf(client, userId);
    const number = formatAccountNumber(accountId);
    await recordAudit(client, scope, {
      action: 'person.reset-factor',
      target: `${person.username}, ${person.name}`,
      accountId,
      details: { reason },
    });
    await recordActivity(
      client,
      {
        kind: 'people.reset-factor',
        userId: scope.userId,
        accountId,
        address: null,
        details: { person: person.name, username: person.username },
      },
      now,
    );
    for (const to of [person, ...(await listOwners.all(client, { accountId, userId }))]) {
      const isSelf = to.username === person.username;
      await queuePersonalEmail(client, {
        accountId,
        to: to.email,
        eventKey: `factor-reset:${userId}:${randomUUID()}`,
        subject: isSelf
          ? 'Your second factor was taken away'
          : `The second factor of ${person.name} was taken away`,
        heading: 'A second factor was taken away',
        paragraphs: [
          `As asked for by phone, our staff took away the authenticator app, passkeys and recovery codes of ${person.username} (${person.accountName}, ${number}). All browsers are signed out.`,
          'If nobody of you asked for this, contact support at once.',
        ],
        action: { label: 'Sign in', url: `${env.APP_URL}/sign-in` },
        footer: `You get this e-mail as ${to.username} of the Client Zone.`,
      });
    }
    return { ok: true };
  });
}
