import 'server-only';
import { readCredits } from '@/lib/credits/queries';
import { getPool } from '@/lib/db/client';
import { reply, serve } from './make-api-route';
import { getCredits } from './message-operations';

export const get = serve(getCredits, async ({ scope }) => {
  return reply(200, { balance: await readCredits(getPool(), scope) });
});
