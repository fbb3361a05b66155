import { getPool } from '@/lib/db/client';
import { viewReplica } from '@/lib/lists/ask-replica';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { answerMetrics } from '@/lib/metrics/exposition';

export const dynamic = 'force-dynamic';

/** The figures of this web process, to whoever shows METRICS_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  const pools = { main: getPool(), downloads: getDownloadPool() };
  const { status, headers, body } = await answerMetrics(
    request.headers.get('authorization'),
    pools,
    viewReplica(),
  );
  return new Response(body, { status, headers });
}
