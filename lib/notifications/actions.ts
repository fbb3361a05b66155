'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { markNoticesRead } from './commands';

const noticeIds = z.union([z.literal('all'), z.array(z.string().regex(/^\d{1,18}$/)).max(100)]);

/** Marks notices of the account as read; what is not one of them is left out. */
export async function readNotices(ids: string[] | 'all'): Promise<void> {
  const { scope } = await requireCustomer();
  const parsed = noticeIds.safeParse(ids);
  if (!parsed.success) return;
  await markNoticesRead(getPool(), scope, parsed.data);
  refresh();
}
