import 'server-only';
import { AppError } from '@/lib/http/app-error';
import { log } from '@/lib/log';
import type { ListPage, ListProblem } from './schema';

/**
 * A list for its page. When it cannot be read (a search that takes too long, a database that restarts), the
 * page stands all the same, says so in the list's place, and offers to try again.
 */
export async function loadList<Row>(
  accountId: number | null,
  reading: Promise<ListPage<Row>>,
): Promise<{ page: ListPage<Row>; problem?: ListProblem }> {
  try {
    return { page: await reading };
  } catch (err) {
    const page = { rows: [], newer: null, older: null };
    if (err instanceof AppError && err.code === 'search-too-long') return { page, problem: 'too-long' };
    if (err instanceof AppError && err.code === 'search-busy') return { page, problem: 'busy' };
    log.error({ err, accountId }, 'A list could not be read');
    return { page, problem: 'error' };
  }
}
