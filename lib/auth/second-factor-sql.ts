/**
 * Whether somebody (`portal_user` as u) has a second factor: an authenticator app that works, or a passkey.
 */
export const hasSecondFactorSql = `(
  exists (select from authenticator_app where user_id = u.id and secret is not null)
  or exists (select from passkey where user_id = u.id))`;
