/** How an opt-out came to be; the words of the database. */
export type OptOutKind = 'REPLY' | 'SHARED_SENDER' | 'MANUAL' | 'IMPORT' | 'API' | 'STAFF';

export interface OptOutRow {
  /** The episode. */
  id: string;
  msisdn: string;
  kind: OptOutKind;
  replyText: string | null;
  rule: string | null;
  senderNumber: string | null;
  /** ISO 8601, UTC. */
  createdAt: string;
}
