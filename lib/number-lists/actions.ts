'use server';

import { revalidatePath } from 'next/cache';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { cancelImport } from './commands';
import { parseListId } from './queries';

/** Stops an import half way. One that has ended meanwhile is left alone; the page then shows how it ended. */
export async function stopImport(listId: string): Promise<void> {
  const { scope } = await requireCustomer();
  const id = parseListId(listId);
  if (id !== null) await cancelImport(getPool(), scope, id);
  revalidatePath('/messages/opt-outs', 'layout');
}
