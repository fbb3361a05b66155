'use server';

import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import { cancelImport } from './commands';

const listId = z.string().regex(/^[1-9]\d{0,17}$/);

/** Stops an import half way. One that has ended meanwhile is left alone; the page then shows how it ended. */
export const stopImport = customerAction(
  listId,
  async (pool, scope, id) => {
    await cancelImport(pool, scope, id);
    revalidatePath('/messages/opt-outs', 'layout');
    return { ok: true };
  },
  { doing: 'Stopping an import' },
);
