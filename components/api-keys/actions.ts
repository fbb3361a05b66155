import type { ServerAction } from '@/components/actions/call-action';
import type { Refusal } from '@/lib/auth/schema';
import type { ApiScope, lifetimeDays, overlapHours } from '@/lib/api-keys/schema';

type SecretAnswer = { ok: true; id: number; name: string; secret: string } | Refusal;

export type MakeKey = ServerAction<
  [
    input: {
      handle: string;
      name: string;
      scopes: ApiScope[];
      networks: string;
      /** Empty: chosen for each recipient. */
      senderNumber: string;
      lifetimeDays: (typeof lifetimeDays)[number];
    },
  ],
  SecretAnswer
>;

export type RotateKey = ServerAction<
  [input: { id: number; seen: number; overlapHours: (typeof overlapHours)[number] }],
  SecretAnswer
>;

export type ChooseSender = ServerAction<
  [input: { id: number; senderNumber: string }],
  { ok: true } | Refusal
>;

export type RevokeKey = ServerAction<[input: { id: number }], { ok: true } | Refusal>;
