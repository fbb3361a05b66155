import { notify } from '@/lib/db/notify';
import type { Connection } from '@/lib/db/statement';

/** What of an account has changed; an open page asks for it again. */
export const changeTopics = [
  'messages',
  'replies',
  'opt-outs',
  'credits',
  'removal-requests',
  'notices',
  'unowned-replies',
  'carriers',
  'registry',
] as const;
export type ChangeTopic = (typeof changeTopics)[number];

/**
 * PostgreSQL NOTIFY channels. Payloads carry account numbers and topics, never numbers or texts of people.
 */
export const accountChangedChannel = 'account_changed';
export const messageQueuedChannel = 'message_queued';
/**
 * Of what goes ahead of others (`priority` 0): confirmations, consent SMSs, codes. A channel of its own,
 * which a worker of an earlier version does not hear: its sweep finds them.
 */
export const urgentQueuedChannel = 'urgent_message_queued';
/**
 * That staff, or the worker that hands over to one, have changed something about the carriers. What every
 * worker hears: each notification wakes all who listen to its channel.
 */
export const carriersChangedChannel = 'carriers_changed';
export const simulatorChannel = 'simulator_changed';

/** Tells every process, on commit, what of accounts has changed. */
export async function tellAccounts(
  connection: Connection,
  accountIds: Iterable<number>,
  topics: readonly ChangeTopic[],
): Promise<void> {
  const payloads = [...new Set(accountIds)].map((id) => `${id}:${topics.join(',')}`);
  await notify(connection, accountChangedChannel, payloads);
}

/** The same of what is nobody's account: the staff's pages hear it, and no customer. */
export async function tellStaff(connection: Connection, topic: ChangeTopic): Promise<void> {
  await tellAccounts(connection, [0], [topic]);
}

/** Wakes the dispatchers, on commit: accounts have messages to send. */
export async function tellQueued(connection: Connection, accountIds: Iterable<number>): Promise<void> {
  await notify(connection, messageQueuedChannel, [...new Set(accountIds)].map(String));
}

/** The same of messages that go before all others: confirmations, questions, codes. */
export async function tellUrgent(connection: Connection, accountIds: Iterable<number>): Promise<void> {
  await notify(connection, urgentQueuedChannel, [...new Set(accountIds)].map(String));
}

export function parseAccountChange(payload: string): { accountId: number; topics: ChangeTopic[] } | null {
  const [account, topics = ''] = payload.split(':');
  const accountId = Number(account);
  if (!Number.isInteger(accountId)) return null;
  return { accountId, topics: changeTopics.filter((topic) => topics.split(',').includes(topic)) };
}
