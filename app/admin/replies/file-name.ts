import { staffTimeZone } from '@/lib/lists/schema';

/** What the download is called: "replies-without-an-owner-2026-11-22", without its ending. */
export function composeUnownedFileName(): string {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: staffTimeZone }).format(new Date());
  return `replies-without-an-owner-${today}`;
}
