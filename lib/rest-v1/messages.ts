import type { Pool } from 'pg';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import { columnsOf, statement } from '@/lib/db/statement';
import { cancelScheduled, listScheduledMessages } from '@/lib/messages/scheduled';
import { composeResults } from './incoming';
import type { Page } from './schema';
import { formatMinute } from './times';

const findMessages = statement({
  name: 'rest-v1-messages',
  values: { accountId: 'int4', ids: 'int8[]', since: 'timestamptz' },
  columns: {
    ...columnsOf('Message', 'msisdn', 'status', 'cost', 'sentAt', 'finishedAt', 'createdAt'),
    id: 'float8',
  },
  sql: ($) => `
    select id::float8 as id, msisdn, status, cost, sent_at as "sentAt", finished_at as "finishedAt",
      created_at as "createdAt"
    from message
    where account_id = ${$.accountId} and id = any (${$.ids}) and kind = 'NORMAL'
      and coalesce(sent_at, scheduled_at, created_at) > ${$.since}`,
});

type FoundMessage = Awaited<ReturnType<(typeof findMessages)['all']>>[number];

/** How long after it was sent a message can be asked about. */
const daysKnown = 90;

async function find(
  pool: Pool,
  { accountId }: AccountReadScope,
  ids: readonly number[],
  now: Date,
): Promise<Map<number, FoundMessage>> {
  const since = new Date(now.getTime() - daysKnown * 86_400_000);
  // No id of ours is beyond what a number is exact for.
  const known = ids.filter((id) => Number.isSafeInteger(id));
  const rows = await findMessages.all(pool, { accountId, ids: known, since });
  return new Map(rows.map((row) => [row.id, row]));
}

/** What became of messages: one answer for each id, in the order in which they were asked for. */
export async function readStatuses(
  pool: Pool,
  scope: AccountReadScope,
  ids: readonly number[],
  timeZone: string,
  now: Date,
) {
  const found = await find(pool, scope, ids, now);
  const messageStatuses = ids.map((apiMessageId) => {
    const message = found.get(apiMessageId);
    const at = message ? (message.finishedAt ?? message.sentAt ?? message.createdAt) : now;
    return {
      apiMessageId,
      mobileNumber: message?.msisdn ?? '',
      statusDelivered: message?.status === 'DELIVERED',
      statusErrorCode: message ? describeStatus(message) : 'NOTFOUND',
      statusTime: formatMinute(at, timeZone),
      creditCost: message?.cost ?? 0,
    };
  });
  return { messageStatuses };
}

function describeStatus({ status, sentAt }: FoundMessage): string {
  switch (status) {
    case 'DELIVERED':
      return '';
    case 'QUEUED':
    case 'SENDING':
    // the published statuses know no doubt; this one says that there is more to come
    case 'IN_DOUBT':
      return 'INQUEUE';
    case 'SENT':
    case 'NO_RECEIPT':
      return 'SENT';
    case 'FAILED':
      return sentAt === null ? 'SENDINGFAILED' : 'FAILED';
    case 'BLOCKED':
    case 'CANCELLED':
      return 'SENDINGFAILED';
  }
}

/** What waits for its time, the next first. */
export async function listScheduled(pool: Pool, scope: AccountReadScope, timeZone: string, page: Page) {
  const { messages, total } = await listScheduledMessages(pool, scope, page);
  const scheduledMessages = messages.map(({ id, msisdn, createdAt, scheduledAt, cost }) => ({
    apiMessageId: Number(id),
    mobileNumber: msisdn,
    submitTime: formatMinute(createdAt, timeZone),
    scheduledSendTime: formatMinute(scheduledAt, timeZone),
    creditCost: cost,
  }));
  return { ...composeResults(page, total), scheduledMessages };
}

/** Deletes what waits for its time, and gives its credits back: one answer for each id, in their order. */
export async function deleteScheduled(pool: Pool, scope: AccountScope, ids: readonly number[], now: Date) {
  const known = ids.filter((id) => Number.isSafeInteger(id));
  const deleted = await cancelScheduled(pool, scope, { ids: known });
  const costs = new Map(deleted.map(({ id, cost }) => [Number(id), cost]));
  const found = await find(pool, scope, ids, now);
  const deletedMessageStatuses = ids.map((apiMessageId) => {
    const cost = costs.get(apiMessageId);
    // The same id once more finds nothing that could be deleted.
    costs.delete(apiMessageId);
    return {
      apiMessageId,
      mobileNumber: found.get(apiMessageId)?.msisdn ?? '',
      deleted: cost !== undefined,
      deleteError: cost === undefined ? 'NOTFOUND' : '',
      creditCost: cost ?? 0,
    };
  });
  return { deletedMessageStatuses };
}
