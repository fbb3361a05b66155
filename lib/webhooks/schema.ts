import type { WebhookDeliveryState, WebhookState } from '@/lib/db/generated/enums';
import type { WebhookChoice } from '@/lib/webhook-events/schema';

// How long deliveries are signed with the old secret too: as long as the old one of a key works.
export { overlapHours } from '@/lib/api-keys/schema';
export { webhookChoices, type WebhookChoice } from '@/lib/webhook-events/schema';

export const maxEndpoints = 10;
export const maxUrlLength = 500;

/** What is sent by "Send a test". */
export const testType = 'webhook.test';

/** How long deliveries are kept, delivered or not. */
export const keptDays = 30;

/** Deliveries on a page of the log. */
export const deliveriesPerPage = 50;

/** An endpoint as its account sees it; times are ISO 8601, UTC. */
export interface WebhookRow {
  id: number;
  url: string;
  events: WebhookChoice[];
  withTexts: boolean;
  inOrder: boolean;
  state: WebhookState;
  generation: number;
  /** Until when deliveries are signed with the secret before this one too; null: they are not. */
  previousUntil: string | null;
  failingSince: string | null;
  /** Why the last attempt failed. */
  reason: string | null;
  pausedAt: string | null;
  createdAt: string;
  createdBy: string | null;
  /** Deliveries that wait, counted to 1,000. */
  waiting: number;
}

/** One delivery in the log. */
export interface DeliveryRow {
  id: string;
  type: string;
  state: WebhookDeliveryState;
  attempts: number;
  createdAt: string;
  attemptedAt: string | null;
  finishedAt: string | null;
  nextAttemptAt: string | null;
  durationMs: number | null;
  statusCode: number | null;
  answer: string | null;
  reason: string | null;
  /** The request's id and its body, as they were sent. */
  messageId: string;
  body: string;
}
