/*
 * Legal holds (lib/privacy/holds.ts sets them), as SQL for whatever removes or writes over what is old.
 */

/** Whether a hold is on the account. */
export function isAccountHeldSql(accountId: string): string {
  return `exists (select from legal_hold where legal_hold.held_account_id = ${accountId} and legal_hold.lifted_at is null)`;
}

/** Whether a hold is on the number. */
export function isNumberHeldSql(msisdn: string): string {
  return `exists (select from legal_hold where legal_hold.msisdn = ${msisdn} and legal_hold.lifted_at is null)`;
}

/** Whether a hold is on a number that stands in a text, however it is written. */
export function mentionsHeldNumberSql(text: string): string {
  return `exists (
    select from legal_hold
    where legal_hold.msisdn <> '' and legal_hold.lifted_at is null and mentions_number(${text}, legal_hold.msisdn))`;
}
