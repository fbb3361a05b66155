/** What an endpoint can ask for. Those of removal requests go together: "removal_request.yes", … */
export const webhookChoices = [
  'opt_out.created',
  'opt_out.removed',
  'removal_request.*',
  'reply.received',
  'message.status',
] as const;
export type WebhookChoice = (typeof webhookChoices)[number];
