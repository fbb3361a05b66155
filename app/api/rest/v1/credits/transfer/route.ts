import { getPool } from '@/lib/db/client';
import { transfer } from '@/lib/rest-v1/accounts';
import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { transferBody } from '@/lib/rest-v1/schema';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'POST', scope: 'SEND', body: transferBody, doing: 'transferring credits' },
  ({ scope, body }) => transfer(getPool(), scope, body),
);
