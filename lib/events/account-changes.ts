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
export const simulatorChannel = 'simulator_changed';

/**
 * SQL that tells every process, on commit, that accounts have changed.
 *
 * @param accountId an SQL expression; null tells nobody
 */
export function notifyAccountSql(accountId: string, topics: readonly ChangeTopic[]): string {
  return `pg_notify('${accountChangedChannel}', ${accountId} || ':${topics.join(',')}')`;
}

/**
 * SQL that tells the staff's pages of replies without an owner: nobody's account, so no customer hears it.
 */
export const notifyStaffSql = notifyAccountSql("'0'", ['unowned-replies']);

export function parseAccountChange(payload: string): { accountId: number; topics: ChangeTopic[] } | null {
  const [account, topics = ''] = payload.split(':');
  const accountId = Number(account);
  if (!Number.isInteger(accountId)) return null;
  return { accountId, topics: changeTopics.filter((topic) => topics.split(',').includes(topic)) };
}
