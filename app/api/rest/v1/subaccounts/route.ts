import { getPool } from '@/lib/db/client';
import { listSubAccounts } from '@/lib/rest-v1/accounts';
import { restRoute } from '@/lib/rest-v1/make-rest-route';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'GET', scope: 'READ', doing: 'reading sub-accounts' },
  ({ scope }) => listSubAccounts(getPool(), scope),
);
