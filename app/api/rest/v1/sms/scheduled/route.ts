import { getPool } from '@/lib/db/client';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { listScheduled } from '@/lib/rest-v1/messages';
import { pageQuery } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'GET', scope: 'READ', query: pageQuery, doing: 'reading scheduled messages' },
  ({ scope, timeZone, query }) => listScheduled(getPool(), scope, timeZone, query),
);
