import type { DeliveryRow, WebhookChoice, WebhookRow } from './schema';

/** What an endpoint can be told of, as it is put to people. */
export const choiceLabels: Record<WebhookChoice, { label: string; description: string }> = {
  'opt_out.created': { label: 'Opt-outs', description: 'A number was blocked, however it came about.' },
  'opt_out.removed': { label: 'Lifted blocks', description: 'A number is no longer blocked.' },
  'removal_request.*': {
    label: 'Removal requests',
    description: 'A request was made, answered, decided, or ended otherwise.',
  },
  'reply.received': { label: 'Replies', description: 'A recipient has replied.' },
  'message.status': {
    label: 'Message status',
    description:
      'A message was sent, delivered, not delivered, blocked before sending, or cancelled, or its receipt did not come.',
  },
};

export const endpointStateLabels: Record<WebhookRow['state'], string> = {
  ACTIVE: 'Active',
  PAUSED: 'Paused',
  PAUSED_BY_FAILURES: 'Paused after failures',
};

export const deliveryStateLabels: Record<DeliveryRow['state'], string> = {
  WAITING: 'Waiting',
  SENDING: 'Being sent',
  DELIVERED: 'Delivered',
  FAILED: 'Given up',
};
