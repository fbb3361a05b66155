import { getPool } from '@/lib/db/client';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { readStatuses } from '@/lib/rest-v1/messages';
import { idsBody } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'POST', scope: 'READ', body: idsBody, doing: 'reading message statuses' },
  ({ scope, body, timeZone, now }) => readStatuses(getPool(), scope, body, timeZone, now),
);
