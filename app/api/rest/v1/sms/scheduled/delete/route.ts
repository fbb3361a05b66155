import { getPool } from '@/lib/db/client';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { deleteScheduled } from '@/lib/rest-v1/messages';
import { idsBody } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'POST', scope: 'SEND', body: idsBody, doing: 'deleting scheduled messages' },
  ({ scope, body, now }) => deleteScheduled(getPool(), scope, body, now),
);
