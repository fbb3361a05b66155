import type { ServerAction } from '@/components/actions/call-action';
import type { Refusal } from '@/lib/auth/schema';
import type { overlapHours, WebhookChoice } from '@/lib/webhooks/schema';

type SecretAnswer = { ok: true; id: number; secret: string } | Refusal;

interface Chosen {
  url: string;
  events: WebhookChoice[];
  withTexts: boolean;
  inOrder: boolean;
}

export type AddWebhook = ServerAction<[input: Chosen & { handle: string }], SecretAnswer>;
export type ChangeWebhook = ServerAction<[input: Chosen & { id: number }], { ok: true } | Refusal>;
export type RotateWebhook = ServerAction<
  [input: { id: number; seen: number; overlapHours: (typeof overlapHours)[number] }],
  SecretAnswer
>;
/** Pausing, resuming, removing, testing. */
export type ActOnWebhook = ServerAction<[input: { id: number }], { ok: true } | Refusal>;
export type ResendDelivery = ServerAction<[input: { id: string }], { ok: true } | Refusal>;
