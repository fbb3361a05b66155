/** An account number as people know it: W58324. */
export function formatAccountNumber(accountId: number): string {
  return `W${accountId}`;
}
