import { getPool } from '@/lib/db/client';
import { listIncomingMessages } from '@/lib/rest-v1/incoming';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { pageQuery } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'GET', scope: 'READ', query: pageQuery, doing: 'reading incoming messages' },
  ({ scope, timeZone, query }) => listIncomingMessages(getPool(), scope, timeZone, query),
);
