import { askReplica } from '@/lib/lists/ask-replica';
import { listShortCodeMessages } from '@/lib/rest-v1/incoming';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { pageQuery } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'GET', scope: 'READ', query: pageQuery, doing: 'reading incoming short code messages' },
  ({ scope, timeZone, query }) => askReplica((pool) => listShortCodeMessages(pool, scope, timeZone, query)),
);
