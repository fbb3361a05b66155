import 'server-only';
import { getPool } from '@/lib/db/client';
import { readBody } from '@/lib/http/read-body';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { getReceiptIntake } from '@/lib/messages/process-receipts';
import { getReplyIntake } from '@/lib/replies/process-intake';
import { answerCarrier, maxRequestBytes, type CarrierRequest } from './door';

/**
 * The carriers' door as a Next route: for small installations, and where only the web's port is reachable.
 */
export async function answerCarrierRoute(
  kind: CarrierRequest['kind'],
  request: Request,
  context: { params: Promise<{ carrier: string }> },
): Promise<Response> {
  const { status, headers, body } = await answerCarrier(
    { pool: getPool(), replies: getReplyIntake(), receipts: getReceiptIntake() },
    {
      kind,
      carrier: (await context.params).carrier,
      address: readVisitorAddress(request.headers.get('x-forwarded-for')),
      authorization: request.headers.get('authorization'),
      contentType: request.headers.get('content-type'),
      readBody: () => readBody(request, maxRequestBytes),
    },
  );
  return Response.json(body, { status, headers: { ...headers, 'cache-control': 'no-store' } });
}
