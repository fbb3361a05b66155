// Made of /api/v2/openapi.json by `npm run generate-client`; not to be edited.

export interface paths {
  '/opt-outs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List opt-outs
     * @description The numbers that the account may not write to, a page at a time. Ask for the next page with “next” as the cursor and the same filters.
     */
    get: operations['listOptOuts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/opt-outs/{number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get one opt-out
     * @description Whether a number is on the list, and why. Send the ETag of the answer as If-None-Match to be told with 304 that nothing has changed.
     */
    get: operations['getOptOut'];
    /**
     * Add an opt-out
     * @description Blocks the number, from the moment it is answered. 201 when it is new; 200, with the entry as it was, when it is on the list already. Asked again, it changes nothing.
     */
    put: operations['addOptOut'];
    post?: never;
    /**
     * Remove an opt-out
     * @description Lifts a block that the account made itself (manual, import, api). One that the recipient made is lifted by the recipient alone: the problem says where to request it.
     */
    delete: operations['removeOptOut'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/opt-outs/bulk': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Add many opt-outs
     * @description Blocks up to 10 000 numbers, from the moment it is answered. What is no number is said of each, and the others are added.
     */
    post: operations['addOptOuts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/opt-outs/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Check numbers
     * @description Which of up to 10 000 numbers are on the list, and which are blocked. Sending checks by itself; this is for whoever wants to know before.
     */
    post: operations['checkOptOuts'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/opt-outs/{number}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the history of a number
     * @description Everything that happened to the opt-out of a number, the first event first, with the evidence: the reply, the rule it matched, who did what and why. Empty for a number that never was on the list.
     */
    get: operations['readHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/opt-outs/changes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Follow changes
     * @description Every event of the account’s opt-outs in one order, each once, with no gap: keep a copy right by applying them and keeping “next”. Without “after” it begins with the first event ever. Asked again from a place, it gives the same events. What is under way appears once it is certain that nothing can come before it.
     */
    get: operations['readChanges'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/consents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List consents
     * @description The consents in force, the one written down last first, a page at a time. Ask for the next page with “next” as the cursor.
     */
    get: operations['listConsents'];
    put?: never;
    /**
     * Record consents
     * @description Writes down that up to 10 000 numbers consented to your direct marketing, all in one way. It is evidence: it lifts no block, and whoever has opted out or withdrawn their consent since then is not recorded. One given later takes the place of one that is there.
     */
    post: operations['recordConsents'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/consents/{number}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get one consent
     * @description The consent of a number that is in force. An opt-out ends it, and so does its withdrawal.
     */
    get: operations['getConsent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/consents/{number}/withdrawal': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Withdraw a consent
     * @description Writes down that the recipient has taken their consent back. From its answer on it lets no marketing through, and no consent counts that was given before, whoever sends it again. It blocks nothing by itself: for that, add an opt-out. A consent that is given later is recorded anew.
     */
    post: operations['withdrawConsent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/removal-requests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List removal requests
     * @description The removal requests of the account, a page at a time, in the order in which they were made.
     */
    get: operations['listRemovalRequests'];
    put?: never;
    /**
     * Request a removal
     * @description Asks the recipient of an opted-out number, by one SMS, whether they want messages again. They are asked once for each opt-out; with their YES and our approval the block is lifted. What the account entered itself it removes itself.
     */
    post: operations['createRemovalRequest'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/removal-requests/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a removal request
     * @description A request as it stands, with what the recipient answered and all that happened to it.
     */
    get: operations['getRemovalRequest'];
    put?: never;
    post?: never;
    /**
     * Cancel a removal request
     * @description Takes a request back, as long as it is open. The SMS that asks the recipient is not sent, unless it has left.
     */
    delete: operations['cancelRemovalRequest'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List messages
     * @description The messages of the account, a page at a time, in the order in which they were accepted. Ask for the next page with “next” as the cursor and the same filters.
     */
    get: operations['listMessages'];
    put?: never;
    /**
     * Send messages
     * @description Sends one text to up to 1 000 numbers, all or nothing where the credits are too few. Who has opted out is blocked and costs nothing, and the others go out; so is marketing to who is on the national registry, and all marketing of an account whose cleansing or registration is too old. A key that is bound to a sender number sends from that alone. Send an Idempotency-Key with it: it keeps the same message from being sent twice, whatever happens, and for good.
     */
    post: operations['sendMessages'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/messages/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a message
     * @description A message as it is now.
     */
    get: operations['getMessage'];
    put?: never;
    post?: never;
    /**
     * Cancel a scheduled message
     * @description Cancels a message that waits for its time, and gives its credits back.
     */
    delete: operations['cancelMessage'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/replies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List replies
     * @description What recipients wrote back, a page at a time, in the order in which it was received. Ask for the next page with “next” as the cursor and the same filters. A webhook for “reply.received” tells of each as it comes.
     */
    get: operations['listReplies'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/replies/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a reply
     * @description One reply, with all of its text.
     */
    get: operations['getReply'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/credits': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get the credits
     * @description How many credits the account has left.
     */
    get: operations['getCredits'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List webhooks
     * @description The webhooks of the account: at most 10.
     */
    get: operations['listWebhooks'];
    put?: never;
    /**
     * Add a webhook
     * @description From now on the address is told of these events. The secret of the answer checks their signatures; it is shown this once.
     */
    post: operations['createWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a webhook
     * @description One webhook, and how it fares.
     */
    get: operations['getWebhook'];
    put?: never;
    post?: never;
    /**
     * Remove a webhook
     * @description Removes a webhook with its log. What waits for it is not sent.
     */
    delete: operations['removeWebhook'];
    options?: never;
    head?: never;
    /**
     * Change a webhook
     * @description Changes the fields that are sent, and leaves the others. What waits goes to the new address.
     */
    patch: operations['changeWebhook'];
    trace?: never;
  };
  '/webhooks/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a webhook a new secret
     * @description Deliveries are signed with the new secret, and for so many hours with the old one too, so that none is refused meanwhile.
     */
    post: operations['rotateWebhookSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pause a webhook
     * @description Nothing is sent any more; what happens meanwhile is kept for 30 days.
     */
    post: operations['pauseWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Resume a webhook
     * @description Sends what was held back, and what comes; also after it was paused because nothing worked.
     */
    post: operations['resumeWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a test
     * @description Sends a delivery that tells of nothing (“webhook.test”). Read it to see what came of it.
     */
    post: operations['testWebhook'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List deliveries
     * @description What a webhook was sent in the last 30 days and what waits, the newest first.
     */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/{id}/deliveries/{deliveryId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get a delivery
     * @description One delivery: what was sent, what was answered, and when it is tried again.
     */
    get: operations['getWebhookDelivery'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhooks/{id}/deliveries/{deliveryId}/resend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a delivery again
     * @description Sends it once more under the same “webhook-id”, whether it was taken or given up.
     */
    post: operations['resendWebhookDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    ConsentFile: {
      /** @description What the file is called that shows it; it stays with you. */
      name: string;
      /** @description Its SHA-256, in hexadecimal: by it anybody can tell that it is the one. */
      sha256: string;
    };
    Consent: {
      /** @description E.164: “+27821234567”. */
      number: string;
      /**
       * Format: date-time
       * @description When the recipient consented.
       */
      givenAt: string;
      /**
       * @description How the recipient consented.
       * @enum {string}
       */
      source: 'web-form' | 'paper' | 'shop' | 'phone' | 'sms' | 'email' | 'other';
      /** @description What the recipient agreed to, word for word. */
      wording: string;
      /** @description Where it can be seen. */
      url: string | null;
      /** @description The file that shows it, which you keep. */
      file: {
        name: string;
        sha256: string;
      } | null;
      /**
       * Format: date-time
       * @description When it was written down here.
       */
      recordedAt: string;
    };
    ConsentPage: {
      data: components['schemas']['Consent'][];
      /** @description The cursor of the next page; null: this is the last. */
      next: string | null;
    };
    RecordConsents: {
      numbers: (string | number)[];
      /**
       * Format: date-time
       * @description When they consented, such as “2026-11-01T09:30:00+02:00”.
       */
      givenAt: string;
      /**
       * @description How the recipient consented.
       * @enum {string}
       */
      source: 'web-form' | 'paper' | 'shop' | 'phone' | 'sms' | 'email' | 'other';
      /** @description What they agreed to, word for word. */
      wording: string;
      /** @description Where it can be seen. */
      url?: string;
      file?: components['schemas']['ConsentFile'];
    };
    ConsentResult: {
      /** @description As it was sent. */
      input: string;
      /** @enum {string} */
      outcome: 'recorded' | 'already-there' | 'opted-out-since' | 'withdrawn-since' | 'invalid' | 'duplicate';
      number: string | null;
      /** @description Why it was not recorded. */
      reason: string | null;
    };
    RecordedConsents: {
      recorded: number;
      alreadyThere: number;
      optedOutSince: number;
      withdrawnSince: number;
      invalid: number;
      duplicates: number;
      /** @description One for each number, in their order. */
      results: components['schemas']['ConsentResult'][];
    };
    WithdrawConsent: {
      /** @description How you know of it, for people. */
      reason: string;
      /**
       * Format: date-time
       * @description When the recipient withdrew it. Not given: now.
       */
      withdrawnAt?: string;
    };
    WithdrawnConsent: {
      /** @description E.164: “+27821234567”. */
      number: string;
      /**
       * Format: date-time
       * @description When the consent had been given.
       */
      givenAt: string;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      withdrawnAt: string;
      reason: string;
    };
    Credits: {
      /** @description Whole credits that are left. */
      balance: number;
    };
    SendMessages: {
      to: (string | number)[];
      text: string;
      /**
       * Format: date-time
       * @description When it is to leave; left out: at once. Marketing waits for the lawful hours where its recipient lives, whenever it is to leave.
       */
      sendAt?: string;
      /**
       * @description “marketing” promotes goods or services; “service” is about something that the recipient has asked for, bought or arranged. Left out: what the account has set, marketing unless somebody changed it.
       * @enum {string}
       */
      purpose?: 'marketing' | 'service';
    };
    SentRecipient: {
      /** @description As it was sent. */
      input: string;
      number: string | null;
      /** @enum {string} */
      outcome: 'queued' | 'blocked' | 'invalid' | 'duplicate';
      /** @description Of what was queued. */
      messageId: string | null;
      /** @description Why it was blocked, or is no number. */
      reason: string | null;
    };
    SentMessages: {
      batchId: string;
      creditsCharged: number;
      creditsLeft: number;
      /** @description One for each number, in their order. */
      recipients: components['schemas']['SentRecipient'][];
    };
    Message: {
      id: string;
      batchId: string | null;
      /**
       * @description What somebody sent; or what was sent for the account: that a recipient is opted out, or asks for a YES.
       * @enum {string}
       */
      kind: 'normal' | 'confirmation' | 'consent' | 'service';
      /** @description “marketing” promotes goods or services; “service” is about something that the recipient has asked for, bought or arranged. Null: of another kind than “normal”, or sent before there were purposes. */
      purpose: ('marketing' | 'service') | null;
      /** @description Null when the data of the person was erased. */
      number: string | null;
      senderNumber: string | null;
      text: string;
      segments: number;
      /** @description What it cost. */
      credits: number;
      /**
       * @description “no-receipt”: it was sent, and the network has not said what became of it within some days. It may still say so.
       * @enum {string}
       */
      status: 'queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'blocked' | 'cancelled' | 'no-receipt';
      /** @description Why it failed, was blocked or waits; of a long text that was delivered, that this is known of its first part alone. */
      reason: string | null;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      acceptedAt: string;
      /** @description When it was to leave; null: at once. Of marketing that was due outside lawful hours, the lawful minute that it waits for. */
      sendAt: string | null;
      sentAt: string | null;
      finishedAt: string | null;
    };
    MessagePage: {
      data: components['schemas']['Message'][];
      /** @description The cursor of the next page; null: this is the last. */
      next: string | null;
    };
    CancelledMessage: {
      creditsReturned: number;
    };
    OptOut: {
      /** @description E.164: “+27821234567”. */
      number: string;
      /**
       * @description How it came to be: by a reply (shared-sender: to a number on which several accounts had written), by hand, an import, a program, or our staff.
       * @enum {string}
       */
      kind: 'reply' | 'shared-sender' | 'manual' | 'import' | 'api' | 'staff';
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      since: string;
      /** @description The sender number that the reply came to. */
      senderNumber: string | null;
      /** @description The first 1,000 characters of the reply. */
      replyText: string | null;
      /** @description The rule that the reply matched: “exact:stop”. */
      rule: string | null;
      /** @description Whether the account may remove it itself; else it requests the removal. */
      isRemovable: boolean;
    };
    Evidence: {
      /** @enum {string} */
      cause: 'reply' | 'import' | 'api' | 'hand' | 'account' | 'undo' | 'staff' | 'correction' | 'request';
      /** @description The reply, word for word. */
      text: string | null;
      rule: string | null;
      senderNumber: string | null;
      receivedAt: string | null;
      /** @description How many other accounts had written from the same sender number. */
      sharedWith: number;
      /** @description Where a program says that the wish was given. */
      source: string | null;
      /** @description The line of an imported list. */
      list: {
        id: string | null;
        line: number | null;
        input: string | null;
      } | null;
      removalRequestId: string | null;
    };
    OptOutEvent: {
      id: string;
      /** @description Null when the data of the person was erased. */
      number: string | null;
      /** @enum {string} */
      type: 'opted-out' | 'confirmed-by-reply' | 'removed' | 'corrected';
      /** @description Whether the number was on the list after this event. */
      isOptedOut: boolean;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      at: string;
      /** @description The same from the opt-out to its removal. */
      episodeId: string;
      /**
       * @description Who did it: a user or a program of the account, the provider’s staff, …
       * @enum {string}
       */
      actor: 'recipient' | 'user' | 'program' | 'provider' | 'system';
      reason: string | null;
      evidence: components['schemas']['Evidence'];
    };
    OptOutPage: {
      data: components['schemas']['OptOut'][];
      /** @description The cursor of the next page; null: this is the last. */
      next: string | null;
    };
    OptOutHistory: {
      data: components['schemas']['OptOutEvent'][];
      /** @description The cursor of the next page; null: this is the last. */
      next: string | null;
    };
    OptOutChanges: {
      data: components['schemas']['OptOutEvent'][];
      /** @description Ask from here for what comes after; keep it. */
      next: string;
      /** @description Whether there is more already; else ask again later. */
      hasMore: boolean;
    };
    AddResult: {
      /** @description As it was sent. */
      input: string;
      /** @enum {string} */
      outcome: 'added' | 'already-there' | 'invalid' | 'duplicate';
      number: string | null;
      /** @description Since when it was there already. */
      since: string | null;
      /** @description Why it is no number that can be written to. */
      reason: string | null;
    };
    AddOptOuts: {
      numbers: (string | number)[];
      /** @description Where the wish was given, for the history: “web form”. */
      source?: string;
    };
    AddedOptOuts: {
      added: number;
      alreadyThere: number;
      invalid: number;
      duplicates: number;
      /** @description One for each number, in their order. */
      results: components['schemas']['AddResult'][];
    };
    CheckNumbers: {
      numbers: (string | number)[];
    };
    CheckResult: {
      /** @description As it was sent. */
      input: string;
      /** @description Null: it is no number that can be written to. */
      number: string | null;
      /** @description Whether it is on the list. */
      isOptedOut: boolean;
      /** @description Whether a message to it would be blocked: it is on the list, or on that of another of your accounts, where the main account has chosen that they honour each other’s opt-outs. */
      isBlocked: boolean;
      /** @description Whether it is on the national opt-out registry, for the whole industry or for this account: marketing to it would be blocked. */
      isOnRegistry: boolean;
      kind: ('reply' | 'shared-sender' | 'manual' | 'import' | 'api' | 'staff') | null;
      since: string | null;
      /** @description Why it is no number that can be written to. */
      reason: string | null;
    };
    CheckedNumbers: {
      optedOut: number;
      /** @description One for each number, in their order. */
      results: components['schemas']['CheckResult'][];
    };
    RemovalRequest: {
      id: string;
      /** @description Null when the data of the person was erased. */
      number: string | null;
      /**
       * @description It ends as removed, refused (by the recipient), expired (no answer), rejected (by our staff) or cancelled.
       * @enum {string}
       */
      state:
        | 'awaiting-confirmation'
        | 'awaiting-reply'
        | 'awaiting-approval'
        | 'removed'
        | 'refused'
        | 'expired'
        | 'rejected'
        | 'cancelled';
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      requestedAt: string;
      /** @description When the SMS that asks the recipient may leave. */
      consentDueAt: string | null;
      consentSentAt: string | null;
      answeredAt: string | null;
      /** @description When it ends by itself; null: it does not. */
      expiresAt: string | null;
      finishedAt: string | null;
      /** @description Why our staff rejected it. */
      reason: string | null;
    };
    RemovalRequestAnswer: {
      replyId: string;
      /** @description The first 1,000 characters. */
      text: string;
      senderNumber: string;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      receivedAt: string;
      /** @description Whether it is the one that decided. */
      isDecisive: boolean;
    };
    RemovalRequestEvent: {
      id: string;
      /** @enum {string} */
      type:
        | 'requested'
        | 'confirmed'
        | 'yes'
        | 'no'
        | 'opt-out'
        | 'other'
        | 'approved'
        | 'rejected'
        | 'cancelled'
        | 'expired'
        | 'block-lifted';
      /**
       * @description Where the request stood after it.
       * @enum {string}
       */
      state:
        | 'awaiting-confirmation'
        | 'awaiting-reply'
        | 'awaiting-approval'
        | 'removed'
        | 'refused'
        | 'expired'
        | 'rejected'
        | 'cancelled';
      /** @enum {string} */
      actor: 'recipient' | 'user' | 'program' | 'provider' | 'system' | 'owner' | 'visitor';
      reason: string | null;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      at: string;
    };
    RemovalRequestDetail: {
      id: string;
      /** @description Null when the data of the person was erased. */
      number: string | null;
      /**
       * @description It ends as removed, refused (by the recipient), expired (no answer), rejected (by our staff) or cancelled.
       * @enum {string}
       */
      state:
        | 'awaiting-confirmation'
        | 'awaiting-reply'
        | 'awaiting-approval'
        | 'removed'
        | 'refused'
        | 'expired'
        | 'rejected'
        | 'cancelled';
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      requestedAt: string;
      /** @description When the SMS that asks the recipient may leave. */
      consentDueAt: string | null;
      consentSentAt: string | null;
      answeredAt: string | null;
      /** @description When it ends by itself; null: it does not. */
      expiresAt: string | null;
      finishedAt: string | null;
      /** @description Why our staff rejected it. */
      reason: string | null;
      isCancellable: boolean;
      /** @description The permission to ask the recipient, as it was given with the request. */
      permission: {
        text: string;
        /**
         * Format: date-time
         * @description A moment, ISO 8601, UTC.
         */
        at: string;
      };
      /** @description The SMS that asks the recipient; null while there is none. */
      consent: {
        messageId: string;
        text: string;
        senderNumber: string;
      } | null;
      /** @description What the recipient wrote to the number that asked. */
      answers: components['schemas']['RemovalRequestAnswer'][];
      /** @description What happened to it, the first first. */
      events: components['schemas']['RemovalRequestEvent'][];
    };
    RemovalRequestPage: {
      data: components['schemas']['RemovalRequest'][];
      /** @description The cursor of the next page; null: this is the last. */
      next: string | null;
    };
    NewRemovalRequest: {
      /** @description The number that is opted out, in any usual form. */
      number: string | number;
      /**
       * @description That we may send the recipient the one SMS that asks for a YES, in the account’s name.
       * @constant
       */
      permission: true;
    };
    Reply: {
      id: string;
      /** @description Null: the network gave no number, or the data of the person was erased. */
      number: string | null;
      /** @description Who wrote, as the network gave it: a number, or a name such as “MTN”. */
      from: string;
      /** @description The number of the account’s that it came to. */
      senderNumber: string;
      /** @description What they wrote; in a list its first 1,000 characters. */
      text: string;
      /** @description Whether there is more of the text: get the reply itself. */
      isCut: boolean;
      /**
       * @description Whether it was read as an opt-out; “review”: a person decides.
       * @enum {string}
       */
      verdict: 'none' | 'review' | 'opt-out';
      /** @description The rule that it matched: “exact:stop”. */
      rule: string | null;
      /** @description The message that it answers. */
      messageId: string | null;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      receivedAt: string;
    };
    ReplyPage: {
      data: components['schemas']['Reply'][];
      /** @description The cursor of the next page; null: this is the last. */
      next: string | null;
    };
    Webhook: {
      id: string;
      url: string;
      /** @description What it is told of. */
      events: (
        | 'opt_out.created'
        | 'opt_out.removed'
        | 'removal_request.*'
        | 'reply.received'
        | 'message.status'
      )[];
      /** @description Whether deliveries hold what people wrote. */
      withTexts: boolean;
      /** @description Whether an event of a number waits until the one before it was delivered. */
      inOrder: boolean;
      /**
       * @description What happens while it is paused is kept for 30 days, and sent once it is resumed.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'paused-by-failures';
      /** @description Deliveries that wait, counted to 1,000. */
      waiting: number;
      /** @description Since when nothing worked; null: it works. */
      failingSince: string | null;
      /** @description Why the last attempt failed. */
      reason: string | null;
      pausedAt: string | null;
      /** @description Until when deliveries are signed with the secret before this one too; null: they are not. */
      previousSecretUntil: string | null;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      createdAt: string;
    };
    WebhookWithSecret: {
      id: string;
      url: string;
      /** @description What it is told of. */
      events: (
        | 'opt_out.created'
        | 'opt_out.removed'
        | 'removal_request.*'
        | 'reply.received'
        | 'message.status'
      )[];
      /** @description Whether deliveries hold what people wrote. */
      withTexts: boolean;
      /** @description Whether an event of a number waits until the one before it was delivered. */
      inOrder: boolean;
      /**
       * @description What happens while it is paused is kept for 30 days, and sent once it is resumed.
       * @enum {string}
       */
      state: 'active' | 'paused' | 'paused-by-failures';
      /** @description Deliveries that wait, counted to 1,000. */
      waiting: number;
      /** @description Since when nothing worked; null: it works. */
      failingSince: string | null;
      /** @description Why the last attempt failed. */
      reason: string | null;
      pausedAt: string | null;
      /** @description Until when deliveries are signed with the secret before this one too; null: they are not. */
      previousSecretUntil: string | null;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      createdAt: string;
      /** @description What deliveries are signed with (“whsec_…”). It is answered here and never again. */
      secret: string;
    };
    Webhooks: {
      /** @description All of them, the oldest first. */
      data: components['schemas']['Webhook'][];
    };
    WebhookDelivery: {
      id: string;
      webhookId: string;
      /** @description The header “webhook-id” of the request: the same however often it is sent. */
      messageId: string;
      /** @description “opt_out.created”, … */
      type: string;
      /**
       * @description “failed”: it was given up; it can be sent again.
       * @enum {string}
       */
      state: 'waiting' | 'sending' | 'delivered' | 'failed';
      attempts: number;
      /** @description The body of the request, as it is sent. */
      body: string;
      /** @description Of the last answer. */
      statusCode: number | null;
      /** @description The beginning of the last answer. */
      answer: string | null;
      /** @description Why the last attempt failed. */
      reason: string | null;
      /** @description How long the last attempt took. */
      durationMs: number | null;
      /**
       * Format: date-time
       * @description A moment, ISO 8601, UTC.
       */
      createdAt: string;
      attemptedAt: string | null;
      nextAttemptAt: string | null;
      finishedAt: string | null;
    };
    WebhookDeliveryPage: {
      data: components['schemas']['WebhookDelivery'][];
      /** @description The cursor of the next page; null: this is the last. */
      next: string | null;
    };
    NewWebhook: {
      /** @description Where deliveries go: a public address, by https. */
      url: string;
      /** @description What it is to be told of. */
      events: (
        | 'opt_out.created'
        | 'opt_out.removed'
        | 'removal_request.*'
        | 'reply.received'
        | 'message.status'
      )[];
      /**
       * @description Whether deliveries are to hold what people wrote.
       * @default false
       */
      withTexts?: boolean;
      /**
       * @description Whether an event of a number is to wait until the one before it was delivered.
       * @default false
       */
      inOrder?: boolean;
    };
    WebhookChange: {
      /** @description Where deliveries go: a public address, by https. */
      url?: string;
      /** @description What it is to be told of. */
      events?: (
        | 'opt_out.created'
        | 'opt_out.removed'
        | 'removal_request.*'
        | 'reply.received'
        | 'message.status'
      )[];
      /** @description Whether deliveries are to hold what people wrote. */
      withTexts?: boolean;
      /** @description Whether an event of a number is to wait until the one before it was delivered. */
      inOrder?: boolean;
    };
    SecretRotation: {
      /**
       * @description For how many hours deliveries are signed with the old secret too.
       * @default 24
       * @enum {number}
       */
      overlapHours?: 0 | 1 | 24 | 168;
    };
    Problem: {
      /**
       * Format: uri
       * @description Which problem it is: an address that explains it, and never changes.
       */
      type: string;
      title: string;
      status: number;
      /** @description What is wrong with this request, for people. */
      detail: string;
      /** @description Of invalid-request: each field that is wrong. */
      errors?: {
        path: string;
        message: string;
      }[];
      /** @description Of removal-already-requested and recipient-already-asked: which request it is. */
      removalRequestId?: string;
      /**
       * Format: uri
       * @description Of removal-request-needed: where to request the removal.
       */
      removalRequestUrl?: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listOptOuts: {
    parameters: {
      query?: {
        /** @description Only those of a kind; may be given several times. */
        kind?:
          | ('reply' | 'shared-sender' | 'manual' | 'import' | 'api' | 'staff')
          | ('reply' | 'shared-sender' | 'manual' | 'import' | 'api' | 'staff')[];
        /** @description Only those from this moment on, such as “2026-11-01T00:00:00+02:00”. */
        from?: string;
        /** @description Only those before this moment. */
        to?: string;
        /** @description Only those that replied to this sender number. */
        senderNumber?: string;
        order?: 'newest' | 'oldest';
        /** @description As the answer before gave it; opaque. */
        cursor?: string;
        /** @description At most 1000. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OptOutPage'];
        };
      };
    };
  };
  getOptOut: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description A number in any usual form. */
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OptOut'];
        };
      };
    };
  };
  addOptOut: {
    parameters: {
      query?: {
        /** @description Where the wish was given, for the history: “web form”. */
        source?: string;
      };
      header?: never;
      path: {
        /** @description A number in any usual form. */
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OptOut'];
        };
      };
      /** @description Added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OptOut'];
        };
      };
    };
  };
  removeOptOut: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description A number in any usual form. */
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  addOptOuts: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AddOptOuts'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddedOptOuts'];
        };
      };
    };
  };
  checkOptOuts: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CheckNumbers'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CheckedNumbers'];
        };
      };
    };
  };
  readHistory: {
    parameters: {
      query?: {
        /** @description At most 500. */
        limit?: number;
        /** @description As the answer before gave it; opaque. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description A number in any usual form. */
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OptOutHistory'];
        };
      };
    };
  };
  readChanges: {
    parameters: {
      query?: {
        /** @description “next” of the answer before. */
        after?: string;
        /** @description At most 1000. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OptOutChanges'];
        };
      };
    };
  };
  listConsents: {
    parameters: {
      query?: {
        /** @description As the answer before gave it; opaque. */
        cursor?: string;
        /** @description At most 1000. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConsentPage'];
        };
      };
    };
  };
  recordConsents: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RecordConsents'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecordedConsents'];
        };
      };
    };
  };
  getConsent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description A number in any usual form. */
        number: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Consent'];
        };
      };
    };
  };
  withdrawConsent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description A number in any usual form. */
        number: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WithdrawConsent'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WithdrawnConsent'];
        };
      };
    };
  };
  listRemovalRequests: {
    parameters: {
      query?: {
        /** @description Only those about this number, in any usual form. */
        number?: string | number;
        /** @description Only those that stand so; may be given several times. */
        state?:
          | (
              | 'awaiting-confirmation'
              | 'awaiting-reply'
              | 'awaiting-approval'
              | 'removed'
              | 'refused'
              | 'expired'
              | 'rejected'
              | 'cancelled'
            )
          | (
              | 'awaiting-confirmation'
              | 'awaiting-reply'
              | 'awaiting-approval'
              | 'removed'
              | 'refused'
              | 'expired'
              | 'rejected'
              | 'cancelled'
            )[];
        order?: 'newest' | 'oldest';
        /** @description As the answer before gave it; opaque. */
        cursor?: string;
        /** @description At most 1000. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RemovalRequestPage'];
        };
      };
    };
  };
  createRemovalRequest: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewRemovalRequest'];
      };
    };
    responses: {
      /** @description Added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RemovalRequestDetail'];
        };
      };
    };
  };
  getRemovalRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RemovalRequestDetail'];
        };
      };
    };
  };
  cancelRemovalRequest: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RemovalRequestDetail'];
        };
      };
    };
  };
  listMessages: {
    parameters: {
      query?: {
        /** @description Only those to this number, in any usual form. */
        number?: string | number;
        /** @description Only those with a status; may be given several times. */
        status?:
          | ('queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'blocked' | 'cancelled' | 'no-receipt')
          | (
              | 'queued'
              | 'sending'
              | 'sent'
              | 'delivered'
              | 'failed'
              | 'blocked'
              | 'cancelled'
              | 'no-receipt'
            )[];
        /** @description Only those of a kind; may be given several times. */
        kind?:
          | ('normal' | 'confirmation' | 'consent' | 'service')
          | ('normal' | 'confirmation' | 'consent' | 'service')[];
        /** @description Only those for one purpose. */
        purpose?: 'marketing' | 'service';
        /** @description Only those of one request, as sending answered it. */
        batchId?: string;
        /** @description Only those from this sender number. */
        senderNumber?: string;
        /** @description Only those from this moment on, such as “2026-11-01T00:00:00+02:00”. */
        from?: string;
        /** @description Only those before this moment. */
        to?: string;
        order?: 'newest' | 'oldest';
        /** @description As the answer before gave it; opaque. */
        cursor?: string;
        /** @description At most 1000. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MessagePage'];
        };
      };
    };
  };
  sendMessages: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SendMessages'];
      };
    };
    responses: {
      /** @description Added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SentMessages'];
        };
      };
    };
  };
  getMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Message'];
        };
      };
    };
  };
  cancelMessage: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CancelledMessage'];
        };
      };
    };
  };
  listReplies: {
    parameters: {
      query?: {
        /** @description Only those from this number, in any usual form. */
        number?: string | number;
        /** @description Only those that were read so; may be given several times. */
        verdict?: ('none' | 'review' | 'opt-out') | ('none' | 'review' | 'opt-out')[];
        /** @description Only those that came to this sender number. */
        senderNumber?: string;
        /** @description Only those from this moment on, such as “2026-11-01T00:00:00+02:00”. */
        from?: string;
        /** @description Only those before this moment. */
        to?: string;
        order?: 'newest' | 'oldest';
        /** @description As the answer before gave it; opaque. */
        cursor?: string;
        /** @description At most 1000. */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplyPage'];
        };
      };
    };
  };
  getReply: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Reply'];
        };
      };
    };
  };
  getCredits: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Credits'];
        };
      };
    };
  };
  listWebhooks: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhooks'];
        };
      };
    };
  };
  createWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewWebhook'];
      };
    };
    responses: {
      /** @description Added. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookWithSecret'];
        };
      };
    };
  };
  getWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
    };
  };
  removeWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  changeWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['WebhookChange'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
    };
  };
  rotateWebhookSecret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SecretRotation'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookWithSecret'];
        };
      };
    };
  };
  pauseWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
    };
  };
  resumeWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Webhook'];
        };
      };
    };
  };
  testWebhook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Taken. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        /** @description Only those that stand so. */
        state?: 'waiting' | 'sending' | 'delivered' | 'failed';
        /** @description At most 200. */
        limit?: number;
        /** @description As the answer before gave it; opaque. */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDeliveryPage'];
        };
      };
    };
  };
  getWebhookDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
        /** @description As an answer gave it. */
        deliveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
    };
  };
  resendWebhookDelivery: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @description As an answer gave it. */
        id: string;
        /** @description As an answer gave it. */
        deliveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Taken. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
    };
  };
}
