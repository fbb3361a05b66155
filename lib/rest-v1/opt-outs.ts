import 'server-only';
import type { AccountReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import { askReplica } from '@/lib/lists/ask-replica';
import { log } from '@/lib/log';
import { composeHead } from './make-rest-route';
import { minuteSql } from './times';

/** What stands for the text of an opt-out that no message made. */
const manualText = '* MANUALLY ADDED BY USER *';

const rowsAtOnce = 5_000;

const listPage = statement({
  name: 'rest-v1-opt-outs',
  values: { accountId: 'int4', timeZone: 'text', afterAt: 'text', afterId: 'int8', limit: 'int8' },
  columns: {
    cursorAt: 'text',
    id: 'OptOut.id',
    msisdn: 'OptOut.msisdn',
    replyId: 'OptOut.replyId',
    text: 'text',
    at: 'float8',
  },
  planEachTime: true,
  sql: ($) => `
    select opt_out.created_at::text as "cursorAt", opt_out.id, opt_out.msisdn, opt_out.reply_id as "replyId",
      coalesce(reply.text, opt_out.reply_text, '${manualText}') as text,
      ${minuteSql('coalesce(reply.received_at, opt_out.created_at)', $.timeZone)} as at
    from opt_out
    left join reply on reply.account_id = opt_out.account_id and reply.id = opt_out.reply_id
    where opt_out.account_id = ${$.accountId}
      and (opt_out.created_at, opt_out.id) > (${$.afterAt}::text::timestamptz, ${$.afterId})
    order by opt_out.created_at, opt_out.id limit ${$.limit}`,
});

/**
 * The answer with every opt-out of the account, the oldest first. The description knows no pages for it, and
 * an account may have a million: they are read and written a few thousand at a time, as fast as the program
 * reads them. The first are awaited, so that an error of the database is still an answer; a later one breaks
 * the answer off, which then is no JSON.
 */
export async function respondOptOuts(
  { accountId }: AccountReadScope,
  timeZone: string,
  now: Date,
): Promise<Response> {
  const encoder = new TextEncoder();
  const head = JSON.stringify(composeHead(200, now, timeZone)).slice(0, -1);
  let text = `${head},"incomingOptoutMessages":[`;
  const read = (after: { afterAt: string; afterId: string }) =>
    askReplica((pool) => listPage.all(pool, { accountId, timeZone, ...after, limit: rowsAtOnce }));
  const first = await read({ afterAt: '-infinity', afterId: '0' });
  let last: (typeof first)[number] | null = null;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const rows = last ? await read({ afterAt: last.cursorAt, afterId: last.id }) : first;
        const joined = rows.map((row) => JSON.stringify(composeOptOut(row))).join(',');
        text += joined === '' || !last ? joined : `,${joined}`;
        last = rows.at(-1) ?? last;
        const isEnd = rows.length < rowsAtOnce;
        if (isEnd) text += ']}';
        controller.enqueue(encoder.encode(text));
        text = '';
        if (isEnd) controller.close();
      } catch (err) {
        log.error({ err, accountId }, 'API: reading opt-outs broke off');
        controller.error(err);
      }
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

interface OptOutRow {
  msisdn: string;
  replyId: string | null;
  text: string;
  at: number;
}

function composeOptOut({ msisdn, replyId, text, at }: OptOutRow) {
  return {
    ...(replyId === null ? {} : { incomingApiMessageId: Number(replyId) }),
    mobileNumber: msisdn,
    receiveTime: at,
    messageText: text,
  };
}
