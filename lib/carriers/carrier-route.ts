import 'server-only';
import { readBody } from '@/lib/http/read-body';
import { answerCarrier, maxRequestBytes, type CarrierRequest } from './door';
import { getDoorTools, readCarrierHead } from './process-tools';

/**
 * The carriers' door as a Next route: for small installations, and where only the web's port is reachable.
 */
export async function answerCarrierRoute(
  kind: CarrierRequest['kind'],
  request: Request,
  context: { params: Promise<{ carrier: string }> },
): Promise<Response> {
  const { status, headers, body } = await answerCarrier(getDoorTools(), {
    ...(await readCarrierHead(request, context)),
    kind,
    contentType: request.headers.get('content-type'),
    readBody: () => readBody(request, maxRequestBytes),
  });
  return Response.json(body, { status, headers: { ...headers, 'cache-control': 'no-store' } });
}
