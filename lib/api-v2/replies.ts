import 'server-only';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import { getPool } from '@/lib/db/client';
import { askReplica } from '@/lib/lists/ask-replica';
import { findReply, listReplies, type ReplyNow } from '@/lib/replies/program-queries';
import { decodePlace, encodePlace } from './cursors';
import { reply, serve } from './make-api-route';
import { lower, upper } from './names';
import * as operations from './reply-operations';

export const list = serve(operations.listReplies, async ({ scope, query }) => {
  const { number, verdict, senderNumber, from, to, order, limit, cursor } = query;
  const name = `replies-${order}` as const;
  const place = decodePlace(scope.accountId, name, cursor);
  if (place instanceof ApiRefusal) return place;
  const search = {
    msisdn: number ?? null,
    verdicts: verdict?.map((one) => upper(one)) ?? null,
    senderNumber: senderNumber ?? null,
    from: from ?? null,
    to: to ?? null,
  };
  const page = { order, after: place && { at: place[0], id: place[1] }, limit };
  const { rows, next } = await askReplica((pool) => listReplies(pool, scope, search, page));
  return reply(200, {
    data: rows.map(composeReply),
    next: next && encodePlace(scope.accountId, name, [next.at, next.id]),
  });
});

export const get = serve(operations.getReply, async ({ scope, params: { id } }) => {
  const found = await findReply(getPool(), scope, id);
  if (found) return reply(200, composeReply(found));
  const message = 'The account has no reply with this id.';
  return new ApiRefusal({ code: 'refused', reason: 'no-such-reply', message });
});

function composeReply({ msisdn, verdict, receivedAt, wholeLength, ...rest }: ReplyNow) {
  const { id, senderNumber, text, rule, messageId } = rest;
  return {
    id,
    // A network that writes itself has a name; emptied when the data of the person was erased.
    number: /^[1-9]\d{7,14}$/.test(msisdn) ? `+${msisdn}` : null,
    from: msisdn,
    senderNumber,
    text,
    isCut: wholeLength !== null,
    verdict: lower(verdict),
    rule,
    messageId,
    receivedAt: receivedAt.toISOString(),
  };
}
