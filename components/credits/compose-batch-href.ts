import type { LedgerRow } from '@/lib/credits/list';

/** So much of a text finds its messages. */
const soughtLength = 100;

/** Where the messages of a batch are: Message Logs, by its text and day. Null: the entry is of no batch. */
export function composeBatchHref(
  { about, batchAt }: Pick<LedgerRow, 'about' | 'batchAt'>,
  timeZone: string,
): string | null {
  if (batchAt === null || about === null) return null;
  const day = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(batchAt));
  // cut between characters, not within one
  const text = Array.from(about).slice(0, soughtLength).join('');
  return `/messages?${new URLSearchParams({ q: text, from: day, to: day }).toString()}`;
}
