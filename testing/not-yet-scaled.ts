import type { ScaleFault } from './scale-rule';

/**
 * Statements that look at all accounts, or all numbers, on purpose: on a cluster they ask every part of a
 * table, which takes longer and works. None of them is run for a request of a customer's, a reply or a
 * message.
 */
export const acrossAccounts: Readonly<Record<string, string>> = {
  'find-lost-emails': 'The worker looks for e-mails whose sender died.',
  'count-queued-by-carrier': 'Staff see what waits, of all accounts.',
  'list-doubt-groups': 'Staff see messages in doubt, of all accounts.',
  'read-doubt-policy': 'Staff see how many are in doubt, of all accounts.',
  'find-accounts-with-unreported': 'The worker looks for messages that no receipt came for.',
  'read-queues': 'Figures of the whole program, for /metrics.',
  'list-emails': 'Staff see e-mails of all accounts.',
  'list-kept-emails': 'Staff see e-mails of all accounts.',
  'erase-old-unowned-replies': 'A nightly job, over all numbers.',
  'take-retention-counts': 'A nightly job, over all accounts.',
  'find-expired-requests': 'The worker looks for requests whose time is over.',
  'list-approval-queue': 'Staff see requests of all accounts.',
  'count-open-requests-by-state': 'Staff see requests of all accounts.',
  'count-awaiting-approval': 'Staff see requests of all accounts.',
  'list-undecided-unowned': 'Staff see replies without an owner, of all numbers.',
  'list-all-requests': 'Staff see requests of all accounts.',
  'find-batches-of-removed-webhooks': 'A sweep of the worker, over all accounts.',
};

/**
 * Statements that a cluster refuses today, or runs otherwise than one PostgreSQL, by what they have in
 * common. This list only shrinks: what is mended is taken out, and nothing is put in.
 */
export const notYet: readonly { reason: string; faults: Readonly<Record<string, readonly ScaleFault[]>> }[] =
  [
    {
      reason:
        'Receiving replies: rows of many accounts go through one statement, which also tells their pages.',
      faults: {
        'assign-reply-account': ['no column', 'without key'],
        'assign-reply-block': ['bare insert', 'notifies beside', 'time inside', 'without key'],
        'assign-reply-store': ['bare insert', 'notifies beside', 'time inside', 'without key'],
        'receive-replies-block': ['bare insert', 'notifies beside'],
        'receive-replies-block-tell': ['bare insert', 'notifies beside', 'without key'],
        'receive-replies-let-in-since': ['no column', 'without key'],
        'receive-replies-receipts': ['joins apart', 'no column', 'without key'],
        'receive-replies-store': ['bare insert', 'notifies beside'],
        'receive-replies-store-tell': ['bare insert', 'notifies beside', 'without key'],
      },
    },
    {
      reason: 'Removal requests are moved with the replies that answer them, for many accounts at once.',
      faults: {
        'add-opt-out-by-staff': ['bare insert', 'notifies beside', 'without key'],
        'find-answer-ids': ['without key'],
        'insert-request': ['notifies beside'],
        'insert-request-events': ['bare insert', 'without key'],
        'lift-blocks': ['bare insert', 'notifies beside', 'without key'],
        'list-requests': ['without key'],
        'lock-requested-opt-outs': ['locks across', 'no column', 'without key'],
        'lock-requests': ['locks across', 'without key'],
        'move-requests': ['time inside', 'without key'],
        'queue-consent': ['notifies beside'],
        'remove-opt-out-by-correction': ['bare insert', 'notifies beside', 'without key'],
        'take-consents-back': ['notifies beside', 'time inside', 'without key'],
      },
    },
    {
      reason: 'The road of a message: accepting, claiming, recording and what is said of it later.',
      faults: {
        'accept-affordable-messages': ['bare insert', 'no column', 'notifies beside', 'without key'],
        'accept-messages': ['bare insert', 'no column', 'notifies beside', 'without key'],
        'cancel-scheduled-batch': ['notifies beside', 'without key'],
        'cancel-scheduled-messages': ['notifies beside', 'without key'],
        'claim-messages': ['no column', 'notifies beside', 'time inside', 'without key'],
        'claim-routed-messages': ['no column', 'notifies beside', 'time inside', 'without key'],
        'decide-doubts': ['notifies beside', 'time inside', 'without key'],
        'end-unreported': ['notifies beside', 'without key'],
        'find-due-accounts': ['no column', 'without key'],
        'find-message-by-network-id': ['joins apart', 'without key'],
        'queue-service-sms': ['no column', 'notifies beside', 'time inside', 'without key'],
        'record-handover': ['notifies beside', 'time inside', 'without key'],
        'record-receipts': ['locks across', 'notifies beside', 'time inside', 'without key'],
        'refund-refused': ['notifies beside'],
        'reschedule-batch': ['notifies beside'],
        'simulator-send': ['notifies beside'],
      },
    },
    {
      reason:
        'Blocks that a page, a program or an import begins and ends; their deliveries are found by the account of their events.',
      faults: {
        'add-opt-outs': ['bare insert', 'notifies beside', 'without key'],
        'add-opt-outs-by-program': ['bare insert', 'notifies beside', 'without key'],
        'cancel-import': ['notifies beside'],
        'dismiss-reviewed-reply': ['notifies beside'],
        'fail-import': ['notifies beside'],
        'find-old-lists': ['no column', 'without key'],
        'finish-check': ['time inside'],
        'import-lines': ['bare insert', 'without key'],
        'lift-undone-entry': ['bare insert', 'without key'],
        'opt-out-reviewed-reply': ['bare insert', 'no column', 'notifies beside', 'without key'],
        'record-import-batch': ['time inside'],
        'remove-opt-outs': ['bare insert', 'notifies beside', 'without key'],
        'reopen-reviewed-reply': ['notifies beside'],
        'sum-tallies': ['bare insert', 'without key'],
        'take-confirmation-back': ['without key'],
      },
    },
    {
      reason: 'What is erased is looked for in tables by account and by number at once.',
      faults: {
        'erase-conversations-of-person': ['joins apart', 'no column', 'without key'],
        'erase-histories-of-person': ['joins apart'],
        'erase-messages-of-person': ['no column', 'without key'],
        'erase-old-message': ['no column', 'without key'],
        'erase-old-reply': ['no column', 'without key'],
        'erase-replies-of-person': ['no column', 'without key'],
        'find-person-elsewhere': ['joins apart'],
        'find-person-in-accounts': ['joins apart', 'no column', 'without key'],
        'prepare-retention': ['time inside'],
        'restart-retention-after-hold': ['joins apart', 'without key'],
      },
    },
    {
      reason: 'Lists of the staff and of main accounts that read a figure of each account.',
      faults: {
        'count-carriers-attention': ['joins apart', 'no column', 'without key'],
        'count-waiting-unowned': ['no column', 'without key'],
        'has-carrier-unfinished-messages': ['no column', 'without key'],
        'list-carriers-for-staff': ['joins apart', 'no column', 'without key'],
        'list-likely-accounts': ['no column', 'without key'],
        'list-sub-accounts': ['without key'],
        'list-waiting-replies': ['no column', 'without key'],
        'rest-v1-sub-accounts': ['without key'],
        'search-accounts': ['without key'],
      },
    },
    {
      reason: 'Sweeps that delete by place, and webhooks, whose endpoint is found beside their account.',
      faults: {
        'claim-webhook-deliveries': ['without key'],
        'delete-api-answers': ['by place', 'without key'],
        'delete-carrier-receipts': ['by place', 'without key'],
        'delete-removed-webhooks': ['no column', 'without key'],
        'delete-webhook-deliveries': ['by place', 'without key'],
        'find-webhook-endpoints': ['no column', 'without key'],
        'record-webhook-attempts': ['time inside'],
      },
    },
    {
      reason: 'Pages are told in the statement that changes what they show.',
      faults: {
        'give-notices': ['notifies beside'],
        'keep-phone-text': ['notifies beside'],
        'mark-notices-read': ['notifies beside'],
        'open-accounts': ['bare insert', 'time inside'],
        'set-time-zone': ['notifies beside'],
      },
    },
  ];
