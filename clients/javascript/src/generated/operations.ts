// Made of /api/v2/openapi.json by `npm run generate-client`; not to be edited.

import { Runtime, type CallOptions } from '../runtime.js';
import type { Input, Item, Output } from '../types.js';

const operations = {
  listOptOuts: {
    method: 'GET',
    path: '/opt-outs',
    query: ['kind', 'from', 'to', 'senderNumber', 'order', 'cursor', 'limit'],
    body: [],
    hasAnswer: true,
  },
  getOptOut: { method: 'GET', path: '/opt-outs/{number}', query: [], body: [], hasAnswer: true },
  addOptOut: { method: 'PUT', path: '/opt-outs/{number}', query: ['source'], body: [], hasAnswer: true },
  removeOptOut: { method: 'DELETE', path: '/opt-outs/{number}', query: [], body: [], hasAnswer: false },
  addOptOuts: {
    method: 'POST',
    path: '/opt-outs/bulk',
    query: [],
    body: ['numbers', 'source'],
    hasAnswer: true,
  },
  checkOptOuts: { method: 'POST', path: '/opt-outs/check', query: [], body: ['numbers'], hasAnswer: true },
  readHistory: {
    method: 'GET',
    path: '/opt-outs/{number}/history',
    query: ['limit', 'cursor'],
    body: [],
    hasAnswer: true,
  },
  readChanges: {
    method: 'GET',
    path: '/opt-outs/changes',
    query: ['after', 'limit'],
    body: [],
    hasAnswer: true,
  },
  listConsents: { method: 'GET', path: '/consents', query: ['cursor', 'limit'], body: [], hasAnswer: true },
  recordConsents: {
    method: 'POST',
    path: '/consents',
    query: [],
    body: ['numbers', 'givenAt', 'source', 'wording', 'url', 'file'],
    hasAnswer: true,
  },
  getConsent: { method: 'GET', path: '/consents/{number}', query: [], body: [], hasAnswer: true },
  withdrawConsent: {
    method: 'POST',
    path: '/consents/{number}/withdrawal',
    query: [],
    body: ['reason', 'withdrawnAt'],
    hasAnswer: true,
  },
  listRemovalRequests: {
    method: 'GET',
    path: '/removal-requests',
    query: ['number', 'state', 'order', 'cursor', 'limit'],
    body: [],
    hasAnswer: true,
  },
  createRemovalRequest: {
    method: 'POST',
    path: '/removal-requests',
    query: [],
    body: ['number', 'permission'],
    hasAnswer: true,
  },
  getRemovalRequest: { method: 'GET', path: '/removal-requests/{id}', query: [], body: [], hasAnswer: true },
  cancelRemovalRequest: {
    method: 'DELETE',
    path: '/removal-requests/{id}',
    query: [],
    body: [],
    hasAnswer: true,
  },
  sendMessages: {
    method: 'POST',
    path: '/messages',
    query: [],
    body: ['to', 'text', 'sendAt', 'purpose'],
    hasAnswer: true,
  },
  listMessages: {
    method: 'GET',
    path: '/messages',
    query: [
      'number',
      'status',
      'kind',
      'purpose',
      'batchId',
      'senderNumber',
      'from',
      'to',
      'order',
      'cursor',
      'limit',
    ],
    body: [],
    hasAnswer: true,
  },
  getMessage: { method: 'GET', path: '/messages/{id}', query: [], body: [], hasAnswer: true },
  cancelMessage: { method: 'DELETE', path: '/messages/{id}', query: [], body: [], hasAnswer: true },
  listReplies: {
    method: 'GET',
    path: '/replies',
    query: ['number', 'verdict', 'senderNumber', 'from', 'to', 'order', 'cursor', 'limit'],
    body: [],
    hasAnswer: true,
  },
  getReply: { method: 'GET', path: '/replies/{id}', query: [], body: [], hasAnswer: true },
  getCredits: { method: 'GET', path: '/credits', query: [], body: [], hasAnswer: true },
  listWebhooks: { method: 'GET', path: '/webhooks', query: [], body: [], hasAnswer: true },
  createWebhook: {
    method: 'POST',
    path: '/webhooks',
    query: [],
    body: ['url', 'events', 'withTexts', 'inOrder'],
    hasAnswer: true,
  },
  getWebhook: { method: 'GET', path: '/webhooks/{id}', query: [], body: [], hasAnswer: true },
  changeWebhook: {
    method: 'PATCH',
    path: '/webhooks/{id}',
    query: [],
    body: ['url', 'events', 'withTexts', 'inOrder'],
    hasAnswer: true,
  },
  removeWebhook: { method: 'DELETE', path: '/webhooks/{id}', query: [], body: [], hasAnswer: false },
  rotateWebhookSecret: {
    method: 'POST',
    path: '/webhooks/{id}/rotate-secret',
    query: [],
    body: ['overlapHours'],
    hasAnswer: true,
  },
  pauseWebhook: { method: 'POST', path: '/webhooks/{id}/pause', query: [], body: [], hasAnswer: true },
  resumeWebhook: { method: 'POST', path: '/webhooks/{id}/resume', query: [], body: [], hasAnswer: true },
  testWebhook: { method: 'POST', path: '/webhooks/{id}/test', query: [], body: [], hasAnswer: true },
  listWebhookDeliveries: {
    method: 'GET',
    path: '/webhooks/{id}/deliveries',
    query: ['state', 'limit', 'cursor'],
    body: [],
    hasAnswer: true,
  },
  getWebhookDelivery: {
    method: 'GET',
    path: '/webhooks/{id}/deliveries/{deliveryId}',
    query: [],
    body: [],
    hasAnswer: true,
  },
  resendWebhookDelivery: {
    method: 'POST',
    path: '/webhooks/{id}/deliveries/{deliveryId}/resend',
    query: [],
    body: [],
    hasAnswer: true,
  },
} as const;

/** A method for each operation of the API. */
export class Operations extends Runtime {
  /**
   * List opt-outs.
   *
   * The numbers that the account may not write to, a page at a time. Ask for the next page with “next” as the cursor and the same filters.
   */
  listOptOuts(input: Input<'listOptOuts'> = {}, options?: CallOptions): Promise<Output<'listOptOuts'>> {
    return this.call(operations.listOptOuts, input, options);
  }

  /** Each one of {@link listOptOuts}, page after page: as many requests as it needs, and no more than are read. */
  allOptOuts(
    input: Input<'listOptOuts'> = {},
    options?: CallOptions,
  ): AsyncGenerator<Item<'listOptOuts'>, void> {
    return this.each<Item<'listOptOuts'>>(operations.listOptOuts, input, options);
  }

  /**
   * Get one opt-out.
   *
   * Whether a number is on the list, and why. Send the ETag of the answer as If-None-Match to be told with 304 that nothing has changed.
   */
  getOptOut(input: Input<'getOptOut'>, options?: CallOptions): Promise<Output<'getOptOut'>> {
    return this.call(operations.getOptOut, input, options);
  }

  /**
   * Add an opt-out.
   *
   * Blocks the number, from the moment it is answered. 201 when it is new; 200, with the entry as it was, when it is on the list already. Asked again, it changes nothing.
   */
  addOptOut(input: Input<'addOptOut'>, options?: CallOptions): Promise<Output<'addOptOut'>> {
    return this.call(operations.addOptOut, input, options);
  }

  /**
   * Remove an opt-out.
   *
   * Lifts a block that the account made itself (manual, import, api). One that the recipient made is lifted by the recipient alone: the problem says where to request it.
   */
  removeOptOut(input: Input<'removeOptOut'>, options?: CallOptions): Promise<Output<'removeOptOut'>> {
    return this.call(operations.removeOptOut, input, options);
  }

  /**
   * Add many opt-outs.
   *
   * Blocks up to 10 000 numbers, from the moment it is answered. What is no number is said of each, and the others are added.
   */
  addOptOuts(input: Input<'addOptOuts'>, options?: CallOptions): Promise<Output<'addOptOuts'>> {
    return this.call(operations.addOptOuts, input, options);
  }

  /**
   * Check numbers.
   *
   * Which of up to 10 000 numbers are on the list, and which are blocked. Sending checks by itself; this is for whoever wants to know before.
   */
  checkOptOuts(input: Input<'checkOptOuts'>, options?: CallOptions): Promise<Output<'checkOptOuts'>> {
    return this.call(operations.checkOptOuts, input, options);
  }

  /**
   * Read the history of a number.
   *
   * Everything that happened to the opt-out of a number, the first event first, with the evidence: the reply, the rule it matched, who did what and why. Empty for a number that never was on the list.
   */
  readHistory(input: Input<'readHistory'>, options?: CallOptions): Promise<Output<'readHistory'>> {
    return this.call(operations.readHistory, input, options);
  }

  /** Each one of {@link readHistory}, page after page: as many requests as it needs, and no more than are read. */
  allHistory(input: Input<'readHistory'>, options?: CallOptions): AsyncGenerator<Item<'readHistory'>, void> {
    return this.each<Item<'readHistory'>>(operations.readHistory, input, options);
  }

  /**
   * Follow changes.
   *
   * Every event of the account’s opt-outs in one order, each once, with no gap: keep a copy right by applying them and keeping “next”. Without “after” it begins with the first event ever. Asked again from a place, it gives the same events. What is under way appears once it is certain that nothing can come before it.
   */
  readChanges(input: Input<'readChanges'> = {}, options?: CallOptions): Promise<Output<'readChanges'>> {
    return this.call(operations.readChanges, input, options);
  }

  /**
   * List consents.
   *
   * The consents in force, the one written down last first, a page at a time. Ask for the next page with “next” as the cursor.
   */
  listConsents(input: Input<'listConsents'> = {}, options?: CallOptions): Promise<Output<'listConsents'>> {
    return this.call(operations.listConsents, input, options);
  }

  /** Each one of {@link listConsents}, page after page: as many requests as it needs, and no more than are read. */
  allConsents(
    input: Input<'listConsents'> = {},
    options?: CallOptions,
  ): AsyncGenerator<Item<'listConsents'>, void> {
    return this.each<Item<'listConsents'>>(operations.listConsents, input, options);
  }

  /**
   * Record consents.
   *
   * Writes down that up to 10 000 numbers consented to your direct marketing, all in one way. It is evidence: it lifts no block, and whoever has opted out or withdrawn their consent since then is not recorded. One given later takes the place of one that is there.
   */
  recordConsents(input: Input<'recordConsents'>, options?: CallOptions): Promise<Output<'recordConsents'>> {
    return this.call(operations.recordConsents, input, options);
  }

  /**
   * Get one consent.
   *
   * The consent of a number that is in force. An opt-out ends it, and so does its withdrawal.
   */
  getConsent(input: Input<'getConsent'>, options?: CallOptions): Promise<Output<'getConsent'>> {
    return this.call(operations.getConsent, input, options);
  }

  /**
   * Withdraw a consent.
   *
   * Writes down that the recipient has taken their consent back. From its answer on it lets no marketing through, and no consent counts that was given before, whoever sends it again. It blocks nothing by itself: for that, add an opt-out. A consent that is given later is recorded anew.
   */
  withdrawConsent(
    input: Input<'withdrawConsent'>,
    options?: CallOptions,
  ): Promise<Output<'withdrawConsent'>> {
    return this.call(operations.withdrawConsent, input, options);
  }

  /**
   * List removal requests.
   *
   * The removal requests of the account, a page at a time, in the order in which they were made.
   */
  listRemovalRequests(
    input: Input<'listRemovalRequests'> = {},
    options?: CallOptions,
  ): Promise<Output<'listRemovalRequests'>> {
    return this.call(operations.listRemovalRequests, input, options);
  }

  /** Each one of {@link listRemovalRequests}, page after page: as many requests as it needs, and no more than are read. */
  allRemovalRequests(
    input: Input<'listRemovalRequests'> = {},
    options?: CallOptions,
  ): AsyncGenerator<Item<'listRemovalRequests'>, void> {
    return this.each<Item<'listRemovalRequests'>>(operations.listRemovalRequests, input, options);
  }

  /**
   * Request a removal.
   *
   * Asks the recipient of an opted-out number, by one SMS, whether they want messages again. They are asked once for each opt-out; with their YES and our approval the block is lifted. What the account entered itself it removes itself.
   */
  createRemovalRequest(
    input: Input<'createRemovalRequest'>,
    options?: CallOptions,
  ): Promise<Output<'createRemovalRequest'>> {
    return this.call(operations.createRemovalRequest, input, options);
  }

  /**
   * Get a removal request.
   *
   * A request as it stands, with what the recipient answered and all that happened to it.
   */
  getRemovalRequest(
    input: Input<'getRemovalRequest'>,
    options?: CallOptions,
  ): Promise<Output<'getRemovalRequest'>> {
    return this.call(operations.getRemovalRequest, input, options);
  }

  /**
   * Cancel a removal request.
   *
   * Takes a request back, as long as it is open. The SMS that asks the recipient is not sent, unless it has left.
   */
  cancelRemovalRequest(
    input: Input<'cancelRemovalRequest'>,
    options?: CallOptions,
  ): Promise<Output<'cancelRemovalRequest'>> {
    return this.call(operations.cancelRemovalRequest, input, options);
  }

  /**
   * Send messages.
   *
   * Sends one text to up to 1 000 numbers, all or nothing where the credits are too few. Who has opted out is blocked and costs nothing, and the others go out; so is marketing to who is on the national registry, and all marketing of an account whose cleansing or registration is too old. A key that is bound to a sender number sends from that alone. Send an Idempotency-Key with it: it keeps the same message from being sent twice, whatever happens, and for good.
   */
  sendMessages(input: Input<'sendMessages'>, options?: CallOptions): Promise<Output<'sendMessages'>> {
    return this.call(operations.sendMessages, input, options);
  }

  /**
   * List messages.
   *
   * The messages of the account, a page at a time, in the order in which they were accepted. Ask for the next page with “next” as the cursor and the same filters.
   */
  listMessages(input: Input<'listMessages'> = {}, options?: CallOptions): Promise<Output<'listMessages'>> {
    return this.call(operations.listMessages, input, options);
  }

  /** Each one of {@link listMessages}, page after page: as many requests as it needs, and no more than are read. */
  allMessages(
    input: Input<'listMessages'> = {},
    options?: CallOptions,
  ): AsyncGenerator<Item<'listMessages'>, void> {
    return this.each<Item<'listMessages'>>(operations.listMessages, input, options);
  }

  /**
   * Get a message.
   *
   * A message as it is now.
   */
  getMessage(input: Input<'getMessage'>, options?: CallOptions): Promise<Output<'getMessage'>> {
    return this.call(operations.getMessage, input, options);
  }

  /**
   * Cancel a scheduled message.
   *
   * Cancels a message that waits for its time, and gives its credits back.
   */
  cancelMessage(input: Input<'cancelMessage'>, options?: CallOptions): Promise<Output<'cancelMessage'>> {
    return this.call(operations.cancelMessage, input, options);
  }

  /**
   * List replies.
   *
   * What recipients wrote back, a page at a time, in the order in which it was received. Ask for the next page with “next” as the cursor and the same filters. A webhook for “reply.received” tells of each as it comes.
   */
  listReplies(input: Input<'listReplies'> = {}, options?: CallOptions): Promise<Output<'listReplies'>> {
    return this.call(operations.listReplies, input, options);
  }

  /** Each one of {@link listReplies}, page after page: as many requests as it needs, and no more than are read. */
  allReplies(
    input: Input<'listReplies'> = {},
    options?: CallOptions,
  ): AsyncGenerator<Item<'listReplies'>, void> {
    return this.each<Item<'listReplies'>>(operations.listReplies, input, options);
  }

  /**
   * Get a reply.
   *
   * One reply, with all of its text.
   */
  getReply(input: Input<'getReply'>, options?: CallOptions): Promise<Output<'getReply'>> {
    return this.call(operations.getReply, input, options);
  }

  /**
   * Get the credits.
   *
   * How many credits the account has left.
   */
  getCredits(input: Input<'getCredits'> = {}, options?: CallOptions): Promise<Output<'getCredits'>> {
    return this.call(operations.getCredits, input, options);
  }

  /**
   * List webhooks.
   *
   * The webhooks of the account: at most 10.
   */
  listWebhooks(input: Input<'listWebhooks'> = {}, options?: CallOptions): Promise<Output<'listWebhooks'>> {
    return this.call(operations.listWebhooks, input, options);
  }

  /**
   * Add a webhook.
   *
   * From now on the address is told of these events. The secret of the answer checks their signatures; it is shown this once.
   */
  createWebhook(input: Input<'createWebhook'>, options?: CallOptions): Promise<Output<'createWebhook'>> {
    return this.call(operations.createWebhook, input, options);
  }

  /**
   * Get a webhook.
   *
   * One webhook, and how it fares.
   */
  getWebhook(input: Input<'getWebhook'>, options?: CallOptions): Promise<Output<'getWebhook'>> {
    return this.call(operations.getWebhook, input, options);
  }

  /**
   * Change a webhook.
   *
   * Changes the fields that are sent, and leaves the others. What waits goes to the new address.
   */
  changeWebhook(input: Input<'changeWebhook'>, options?: CallOptions): Promise<Output<'changeWebhook'>> {
    return this.call(operations.changeWebhook, input, options);
  }

  /**
   * Remove a webhook.
   *
   * Removes a webhook with its log. What waits for it is not sent.
   */
  removeWebhook(input: Input<'removeWebhook'>, options?: CallOptions): Promise<Output<'removeWebhook'>> {
    return this.call(operations.removeWebhook, input, options);
  }

  /**
   * Give a webhook a new secret.
   *
   * Deliveries are signed with the new secret, and for so many hours with the old one too, so that none is refused meanwhile.
   */
  rotateWebhookSecret(
    input: Input<'rotateWebhookSecret'>,
    options?: CallOptions,
  ): Promise<Output<'rotateWebhookSecret'>> {
    return this.call(operations.rotateWebhookSecret, input, options);
  }

  /**
   * Pause a webhook.
   *
   * Nothing is sent any more; what happens meanwhile is kept for 30 days.
   */
  pauseWebhook(input: Input<'pauseWebhook'>, options?: CallOptions): Promise<Output<'pauseWebhook'>> {
    return this.call(operations.pauseWebhook, input, options);
  }

  /**
   * Resume a webhook.
   *
   * Sends what was held back, and what comes; also after it was paused because nothing worked.
   */
  resumeWebhook(input: Input<'resumeWebhook'>, options?: CallOptions): Promise<Output<'resumeWebhook'>> {
    return this.call(operations.resumeWebhook, input, options);
  }

  /**
   * Send a test.
   *
   * Sends a delivery that tells of nothing (“webhook.test”). Read it to see what came of it.
   */
  testWebhook(input: Input<'testWebhook'>, options?: CallOptions): Promise<Output<'testWebhook'>> {
    return this.call(operations.testWebhook, input, options);
  }

  /**
   * List deliveries.
   *
   * What a webhook was sent in the last 30 days and what waits, the newest first.
   */
  listWebhookDeliveries(
    input: Input<'listWebhookDeliveries'>,
    options?: CallOptions,
  ): Promise<Output<'listWebhookDeliveries'>> {
    return this.call(operations.listWebhookDeliveries, input, options);
  }

  /** Each one of {@link listWebhookDeliveries}, page after page: as many requests as it needs, and no more than are read. */
  allWebhookDeliveries(
    input: Input<'listWebhookDeliveries'>,
    options?: CallOptions,
  ): AsyncGenerator<Item<'listWebhookDeliveries'>, void> {
    return this.each<Item<'listWebhookDeliveries'>>(operations.listWebhookDeliveries, input, options);
  }

  /**
   * Get a delivery.
   *
   * One delivery: what was sent, what was answered, and when it is tried again.
   */
  getWebhookDelivery(
    input: Input<'getWebhookDelivery'>,
    options?: CallOptions,
  ): Promise<Output<'getWebhookDelivery'>> {
    return this.call(operations.getWebhookDelivery, input, options);
  }

  /**
   * Send a delivery again.
   *
   * Sends it once more under the same “webhook-id”, whether it was taken or given up.
   */
  resendWebhookDelivery(
    input: Input<'resendWebhookDelivery'>,
    options?: CallOptions,
  ): Promise<Output<'resendWebhookDelivery'>> {
    return this.call(operations.resendWebhookDelivery, input, options);
  }
}
