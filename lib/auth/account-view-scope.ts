import { mintAccountReadScope, type AccountReadScope, type StaffReadScope } from './scope';

/**
 * The scope by which staff look into an account. For lib/accounts/account-view.ts alone, which first writes
 * down who looks. It reads and changes nothing: what staff change, they change by commands that take a
 * `StaffScope`.
 */
export function openAccountAsStaff(staff: StaffReadScope, accountId: number): AccountReadScope {
  return mintAccountReadScope(accountId, staff.actor);
}
