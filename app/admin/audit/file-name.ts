/** What the download is called: "audit-log-2026-11-22", without its ending. */
export function composeAuditFileName(timeZone: string): string {
  return `audit-log-${new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date())}`;
}
