/**
 * SQL: which messages are with a carrier, without a receipt, and which are being handed to it, or in doubt. A
 * condition each, as each has an index of its own.
 */
export const outstandingSql = (carrier: string): string[] => [
  `(status = 'SENT')::int = 1 and carrier = ${carrier} and created_at > now() - interval '7 days'`,
  `status in ('SENDING', 'IN_DOUBT') and next_attempt_at is not null and carrier = ${carrier}`,
];
