import type { AnyOperation } from './declare';
import * as consents from './consent-operations';
import * as messages from './message-operations';
import * as optOuts from './opt-out-operations';
import * as removalRequests from './removal-request-operations';
import * as replies from './reply-operations';
import * as webhooks from './webhook-operations';

/** All of them, in the order in which they are shown. */
export const operations = [
  optOuts.listOptOuts,
  optOuts.getOptOut,
  optOuts.addOptOut,
  optOuts.removeOptOut,
  optOuts.addOptOuts,
  optOuts.checkOptOuts,
  optOuts.readHistory,
  optOuts.readChanges,
  consents.listConsents,
  consents.recordConsents,
  consents.getConsent,
  consents.withdrawConsent,
  removalRequests.listRemovalRequests,
  removalRequests.createRemovalRequest,
  removalRequests.getRemovalRequest,
  removalRequests.cancelRemovalRequest,
  messages.sendMessages,
  messages.listMessages,
  messages.getMessage,
  messages.cancelMessage,
  replies.listReplies,
  replies.getReply,
  messages.getCredits,
  webhooks.listWebhooks,
  webhooks.createWebhook,
  webhooks.getWebhook,
  webhooks.changeWebhook,
  webhooks.removeWebhook,
  webhooks.rotateWebhookSecret,
  webhooks.pauseWebhook,
  webhooks.resumeWebhook,
  webhooks.testWebhook,
  webhooks.listWebhookDeliveries,
  webhooks.getWebhookDelivery,
  webhooks.resendWebhookDelivery,
] as unknown as readonly AnyOperation[];
