/** What a key may do. The names of the database (api_scope) are those of Prisma's enum. */
export type ApiScope = 'READ' | 'SEND' | 'OPT_OUTS' | 'WEBHOOKS';

export const apiScopes = ['READ', 'SEND', 'OPT_OUTS', 'WEBHOOKS'] as const satisfies readonly ApiScope[];

export const maxKeys = 20;
export const maxNameLength = 60;
export const maxNetworks = 50;

/** After how many days a key may expire; null: never. */
export const lifetimeDays = [30, 90, 365, null] as const;

/** How long the old secret of a key or a webhook may go on working when it gets a new one, in hours. */
export const overlapHours = [0, 1, 24, 168] as const;

/** A key as its account sees it; times are ISO 8601, UTC. */
export interface ApiKeyRow {
  id: number;
  name: string;
  scopes: ApiScope[];
  networks: string[];
  /** The only number that its messages leave from; null: chosen for each recipient. */
  senderNumber: string | null;
  /** The beginning and the end of the secret, with the rest left out: "cz_58324_…Xq3v9A". */
  hint: string;
  generation: number;
  /** Until when the secret before this one works; null: it does not. */
  previousUntil: string | null;
  createdBy: string | null;
  createdAt: string;
  secretCreatedAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  state: 'active' | 'expired' | 'revoked';
}
