import { composeOpenApi } from '@/lib/api-v2/openapi';

/** The description of the API, for anybody's tools. */
export function GET(): Response {
  return Response.json(composeOpenApi(), { headers: { 'cache-control': 'public, max-age=300' } });
}
