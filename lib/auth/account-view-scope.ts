import { mintAccountScope, type AccountScope, type StaffScope } from './scope';

/**
 * The scope by which staff look into an account. For lib/accounts/account-view.ts alone, which first writes down who looks; what
 * staff change, they change by commands that take a `StaffScope`.
 */
export function openAccountAsStaff(staff: StaffScope, accountId: number): AccountScope {
  return mintAccountScope(accountId, { system: staff.actor });
}
