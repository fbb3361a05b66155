'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import { markNoticesRead } from './commands';

const noticeIds = z.union([z.literal('all'), z.array(z.string().regex(/^\d{1,18}$/)).max(100)]);

/** Marks notices of the account as read; what is not one of them is left out. */
export const readNotices = customerAction(
  noticeIds,
  async (pool, scope, ids) => {
    await markNoticesRead(pool, scope, ids);
    return { ok: true };
  },
  { may: 'notices.read', doing: 'Marking notices as read', refreshes: true },
);
