import { getPool } from '@/lib/db/client';
import { listShortCodeMessages } from '@/lib/rest-v1/incoming';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { pageQuery } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'GET', scope: 'READ', query: pageQuery, doing: 'reading incoming short code messages' },
  ({ scope, timeZone, query }) => listShortCodeMessages(getPool(), scope, timeZone, query),
);
