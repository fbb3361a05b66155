import { statement, type Connection } from '@/lib/db/statement';
import { providerAccountId } from './provider-account';
import type { AccountReadScope, AccountScope } from './scope';

/** What the people of an account, and its programs, do about themselves and it, and the words for it. */
export const activityKinds = {
  'sign-in': 'Signed in',
  'factor.app-added': 'Set up an authenticator app',
  'factor.app-replaced': 'Replaced their authenticator app',
  'factor.app-removed': 'Removed their authenticator app',
  'factor.passkey-added': 'Added a passkey',
  'factor.passkey-removed': 'Removed a passkey',
  'factor.recovery-codes-renewed': 'Made new recovery codes',
  'factor.recovery-code-used': 'Used a recovery code',
  'factor.codes-guessed': 'Typed too many wrong codes',
  'account.require-second-factor': 'Asked everybody for a second factor',
  'account.allow-password-alone': 'No longer asks everybody for a second factor',
  'account.register': 'Registered the account',
  'account.open-sub-account': 'Opened a sub-account',
  'account.honour-all-opt-outs': 'Let opt-outs of all your accounts count for each of them',
  'account.honour-own-opt-outs': 'Let only its own opt-outs count for each of your accounts',
  'credits.transfer': 'Moved credits',
  'credits.warning-level': 'Changed when to be warned of low credits',
  'password.recover': 'Chose a new password by a link or a code',
  'password.change': 'Changed their password',
  'email.change': 'Changed their e-mail address',
  'number.change': 'Changed their cell number',
  'people.invite': 'Invited somebody',
  'people.invite-again': 'Sent an invitation again',
  'people.withdraw-invitation': 'Withdrew an invitation',
  'people.join': 'Joined the account',
  'people.change-role': 'Changed the role of somebody',
  'people.suspend': 'Suspended somebody',
  'people.reinstate': 'Reinstated somebody',
  'people.remove': 'Removed somebody',
  'people.leave': 'Left the account',
  'people.hand-over': 'Handed over the account',
  'people.reset-factor': 'Took away the second factor of somebody who had lost it',
  'account.switch': 'Switched to this account',
  'account.change-settings': 'Changed a setting',
  'opt-out.add': 'Added opt-outs by hand',
  'opt-out.remove': 'Took out opt-outs',
  'consent.record': 'Recorded consents to marketing',
  'consent.withdraw': 'Withdrew a consent to marketing',
  'reply.opt-out': 'Decided that a reply is an opt-out',
  'reply.dismiss': 'Decided that a reply is no opt-out',
  'reply.undo': 'Took back a decision about a reply',
  'removal-request.make': 'Requested the removal of an opt-out',
  'removal-request.cancel': 'Cancelled a removal request',
  'scheduled.change': 'Changed scheduled messages',
  'scheduled.cancel': 'Cancelled scheduled messages',
  'list.upload': 'Uploaded a list of numbers',
  'list.stop': 'Stopped an import',
  'cleansing.upload': 'Uploaded an answer of the national registry',
  'cleansing.apply': 'Put an answer of the national registry in force',
  'cleansing.discard': 'Discarded an answer of the national registry',
  'account.register-marketer': 'Entered the registration as a direct marketer',
  'file.download': 'Downloaded a list',
  'file.evidence': 'Downloaded an evidence pack',
  'file.complaint': 'Downloaded a complaint pack',
  'api-key.make': 'Made an API key',
  'api-key.rotate': 'Gave an API key a new secret',
  'api-key.sender': 'Changed which number an API key sends from',
  'api-key.revoke': 'Revoked an API key',
  'webhook.make': 'Added a webhook',
  'webhook.change': 'Changed a webhook',
  'webhook.rotate': 'Gave a webhook a new secret',
  'webhook.pause': 'Paused a webhook',
  'webhook.resume': 'Resumed a webhook',
  'webhook.remove': 'Removed a webhook',
  'staff.view': 'Looked into the account',
  'staff.suspend': 'Suspended the account',
  'staff.reinstate': 'Reinstated the account',
  'staff.make-full': 'Made the trial a full account',
  'staff.top-up': 'Gave the account credits',
  'staff.correct-credits': 'Corrected the credits',
  'staff.add-opt-out': 'Added an opt-out for the account',
  'staff.correct-opt-out': 'Took out an opt-out as a correction',
  'staff.approve-removal': 'Approved a removal request',
  'staff.reject-removal': 'Rejected a removal request',
  'staff.assign-reply': 'Assigned a reply to the account',
} as const;
export type ActivityKind = keyof typeof activityKinds;

export interface ActivityRecord {
  kind: ActivityKind;
  userId: number;
  /** Null: a member of staff; it is then in the provider's own account. */
  accountId: number | null;
  /** Where from; null when that is not known. */
  address: string | null;
  /** Ids and facts, never a secret. */
  details?: Record<string, unknown>;
}

const insertActivity = statement({
  name: 'insert-activity',
  values: {
    accountId: 'int4',
    userId: 'int4?',
    keyId: 'int4?',
    kind: 'text',
    address: 'text?',
    details: 'jsonb',
    now: 'timestamptz',
  },
  sql: ($) => `insert into activity (account_id, user_id, key_id, kind, address, details, created_at)
    values (${$.accountId}, ${$.userId}, ${$.keyId}, ${$.kind}, ${$.address}, ${$.details}, ${$.now})`,
});

/**
 * Writes down what somebody did in an account who passed a gate of it, where the act itself changes nothing
 * that could be written in the same transaction: a download, of people alone.
 */
export async function recordAct(
  connection: Connection,
  { accountId, userId }: AccountReadScope,
  kind: ActivityKind,
  details: Record<string, unknown>,
  address: string | null,
): Promise<void> {
  if (userId === null) return;
  await recordActivity(connection, { kind, userId, accountId, address, details }, new Date());
}

/** Writes down what somebody did, in the transaction that does it: there is no one without the other. */
export async function recordActivity(
  connection: Connection,
  { accountId, details = {}, ...record }: ActivityRecord,
  now: Date,
): Promise<void> {
  await insertActivity.run(connection, {
    ...record,
    accountId: accountId ?? providerAccountId,
    keyId: null,
    details,
    now,
  });
}

const insertStaffActivity = statement({
  name: 'insert-staff-activity',
  values: {
    userId: 'int4',
    act: { accountId: 'int4', kind: 'text', details: 'jsonb' },
    now: 'timestamptz',
  },
  sql: ($) => `insert into activity (account_id, user_id, kind, details, created_at)
    select account_id, ${$.userId}, kind, details, ${$.now} from ${$.act}
    on conflict do nothing`,
});

/** The same of what a member of staff did to accounts, as one statement. */
export async function recordActsOfStaff(
  connection: Connection,
  userId: number,
  acts: readonly { accountId: number; kind: ActivityKind; details: Record<string, unknown> }[],
  now: Date,
): Promise<void> {
  if (acts.length > 0) await insertStaffActivity.run(connection, { userId, act: acts, now });
}

/**
 * The same of a person or a program of the account, whichever passed the gate. What jobs do is not of
 * anybody.
 */
export async function recordActOf(
  connection: Connection,
  { accountId, userId, keyId, address }: AccountScope,
  kind: ActivityKind,
  details: Record<string, unknown>,
  now: Date,
): Promise<void> {
  if (userId === null && keyId === null) return;
  await insertActivity.run(connection, { accountId, userId, keyId, kind, address, details, now });
}
