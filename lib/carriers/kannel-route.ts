import 'server-only';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { getReceiptIntake } from '@/lib/messages/process-receipts';
import { getReplyIntake } from '@/lib/replies/process-intake';
import { answerKannel, type KannelRequest } from './kannel/door';

/** Kannel's door as a Next route: where only the web's port is reachable. */
export async function answerKannelRoute(
  kind: KannelRequest['kind'],
  request: Request,
  context: { params: Promise<{ carrier: string }> },
): Promise<Response> {
  const { status, headers } = await answerKannel(
    { pool: getPool(), replies: getReplyIntake(), receipts: getReceiptIntake() },
    {
      kind,
      carrier: (await context.params).carrier,
      authorization: request.headers.get('authorization'),
      address: readVisitorAddress(request.headers.get('x-forwarded-for')),
      query: readQuery(request.url),
    },
  );
  return new Response('', { status, headers });
}

/** As it came: URLSearchParams would put U+FFFD where bytes are not UTF-8. */
function readQuery(url: string): string {
  const [, query = ''] = url.split(/\?(.*)/s);
  return query;
}
