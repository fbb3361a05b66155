/**
 * SQL of what somebody (`portal_user` as u) belongs to. The one place that says whom sign-in lets in, where,
 * and who needs a second factor.
 */

/**
 * Of their accounts, the one in which they begin: neither they are suspended there nor it is; the one they
 * used last.
 */
export const beginningAccountSql = `(
  select m.account_id from membership m join account on account.id = m.account_id
  where m.user_id = u.id and m.suspended_at is null and account.status = 'ACTIVE'
  order by m.last_seen_at desc nulls last, m.created_at, m.account_id limit 1)`;

/**
 * Whether they may sign in. Whoever has been taken out of all accounts may, for an invitation; whoever is
 * suspended in all may not.
 */
export const isLetInSql = `(u.status = 'ACTIVE' and (
  u.role = 'STAFF' or ${beginningAccountSql} is not null or not exists (select from membership where user_id = u.id)))`;

/**
 * Whether they must have a second factor: one of their accounts asks for it; of staff `ofStaff`, a boolean.
 */
export const mustHaveFactorSql = (
  ofStaff: string,
) => `(case when u.role = 'STAFF' then ${ofStaff} else exists (
  select from membership m join account on account.id = m.account_id
  where m.user_id = u.id and m.suspended_at is null and account.requires_second_factor) end)`;

/** To which account their own e-mails belong: the first they were in. Null: of none, as of staff. */
export const homeAccountSql = `(
  select m.account_id from membership m where m.user_id = u.id order by m.created_at, m.account_id limit 1)`;
