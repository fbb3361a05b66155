import { getPool } from '@/lib/db/client';
import { readReadiness } from '@/lib/metrics/readiness';

export const dynamic = 'force-dynamic';

/** Whether this web process is to be sent requests: 200, or 503 with what failed. Open to anybody. */
export async function GET(): Promise<Response> {
  const { status, body } = await readReadiness(getPool());
  return Response.json(body, { status, headers: { 'Cache-Control': 'no-store' } });
}
