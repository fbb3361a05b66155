/**
 * The provider's own account, W1: there from the beginning, without users. Mails and codes to people of no account belong to it,
 * and so does what staff do about themselves.
 */
export const providerAccountId = 1;
