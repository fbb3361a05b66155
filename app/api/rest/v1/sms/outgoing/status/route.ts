import { askReplica } from '@/lib/lists/ask-replica';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { readStatuses } from '@/lib/rest-v1/messages';
import { idsBody } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'POST', scope: 'READ', body: idsBody, doing: 'reading message statuses' },
  ({ scope, body, timeZone, now }) => askReplica((pool) => readStatuses(pool, scope, body, timeZone, now)),
);
