/** An account number as people know it: W58324. */
export function formatAccountNumber(accountId: number): string {
  return `W${accountId}`;
}

/**
 * What a download is called, without its ending: "W58324-auto-opt-outs-2026-11-22"; the date is the account's
 * own.
 */
export function composeFileName(accountId: number, list: string, timeZone: string): string {
  const date = new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date());
  return `${formatAccountNumber(accountId)}-${list}-${date}`;
}
