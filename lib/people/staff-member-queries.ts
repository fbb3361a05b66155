import type { Pool } from 'pg';
import type { StaffReadScope } from '@/lib/auth/scope';
import { hasSecondFactorSql } from '@/lib/auth/second-factor-sql';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, statement } from '@/lib/db/statement';
import type { StaffRow } from './schema';

const list = statement({
  name: 'list-staff',
  columns: {
    userId: 'User.id',
    ...columnsOf('User', 'name', 'username', 'email', 'lastSignInAt'),
    role: 'StaffRole',
    isSuspended: 'bool',
    hasFactor: 'bool',
  },
  sql: () => `
    select u.id as "userId", u.name, u.username, u.email, u.last_sign_in_at as "lastSignInAt", u.staff_role as role,
      u.status <> 'ACTIVE' as "isSuspended", ${hasSecondFactorSql} as "hasFactor"
    from portal_user u where u.role = 'STAFF' and u.left_staff_at is null
    order by u.staff_role, lower(u.name), u.id`,
});

/** The provider's staff: administrators first, then by name. */
export async function listStaff(pool: Pool, _scope: StaffReadScope): Promise<StaffRow[]> {
  return toPlain(await list.all(pool, {}));
}
