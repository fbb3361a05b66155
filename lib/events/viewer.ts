/** Who looks at a page that keeps itself up to date. */
export interface Viewer {
  userId: number;
  /** Null: a member of staff. */
  accountId: number | null;
}

/**
 * "7.58324", "3.staff": whose changes a browser listens to; two people who use one browser after each other
 * share nothing.
 */
export function nameViewer({ userId, accountId }: Viewer): string {
  return `${userId}.${accountId ?? 'staff'}`;
}
