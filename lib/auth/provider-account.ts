/**
 * The provider's own account, W1: there from the beginning, without users. Mails and codes to people of no
 * account belong to it, and so does what staff do about themselves.
 */
export const providerAccountId = 1;

/** SQL of a row when the database has accounts of customers; the demo is written into one without. */
export const hasCustomersSql = `select from account where id <> ${providerAccountId} limit 1`;
