'use server';

import { revalidatePath } from 'next/cache';
import { customerAction } from '@/lib/auth/make-action';
import { cancelImport } from './commands';
import { idSchema } from '@/lib/db/ids';

/** Stops an import half way. One that has ended meanwhile is left alone; the page then shows how it ended. */
export const stopImport = customerAction(
  idSchema,
  async (pool, scope, id) => {
    await cancelImport(pool, scope, id);
    revalidatePath('/messages/opt-outs', 'layout');
    return { ok: true };
  },
  { may: 'lists.upload', doing: 'Stopping an import' },
);
