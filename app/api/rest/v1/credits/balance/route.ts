import { getPool } from '@/lib/db/client';
import { readCredits } from '@/lib/credits/queries';
import { restRoute } from '@/lib/rest-v1/make-rest-route';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'GET', scope: 'READ', doing: 'reading the credit balance' },
  async ({ scope }) => ({ creditBalance: await readCredits(getPool(), scope) }),
);
