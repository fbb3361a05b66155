import 'server-only';
import { answerKannel, type KannelRequest } from './kannel/door';
import { getDoorTools, readCarrierHead } from './process-tools';

/** Kannel's door as a Next route: where only the web's port is reachable. */
export async function answerKannelRoute(
  kind: KannelRequest['kind'],
  request: Request,
  context: { params: Promise<{ carrier: string }> },
): Promise<Response> {
  const { status, headers } = await answerKannel(getDoorTools(), {
    ...(await readCarrierHead(request, context)),
    kind,
    query: readQuery(request.url),
  });
  return new Response('', { status, headers });
}

/** As it came: URLSearchParams would put U+FFFD where bytes are not UTF-8. */
function readQuery(url: string): string {
  const [, query = ''] = url.split(/\?(.*)/s);
  return query;
}
