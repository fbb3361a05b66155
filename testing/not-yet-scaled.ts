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
  'list-accounts-of-month': 'Staff see which accounts sent anything in a month.',
  'find-batches-of-removed-webhooks': 'A sweep of the worker, over all accounts.',
};

/**
 * Statements that a cluster refuses today, or runs otherwise than one PostgreSQL, by what they have in
 * common. This list only shrinks: what is mended is taken out, and nothing is put in.
 */
export const notYet: readonly { reason: string; faults: Readonly<Record<string, readonly ScaleFault[]>> }[] =
  [
    {
      reason: 'Removal requests are moved with the replies that answer them, for many accounts at once.',
      faults: {
        'find-answer-ids': ['without key'],
        'list-requests': ['without key'],
      },
    },
    {
      reason: 'The road of a message: accepting, claiming, recording and what is said of it later.',
      faults: {
        'find-due-accounts': ['without key'],
        'find-message-by-network-id': ['joins apart', 'without key'],
        'lock-receipted-messages': ['locks across'],
      },
    },
    {
      reason:
        'Blocks that a page, a program or an import begins and ends; their deliveries are found by the account of their events.',
      faults: {
        'find-old-lists': ['no column', 'without key'],
        'finish-check': ['time inside'],
        'sum-tallies': ['bare insert', 'without key'],
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
        'open-accounts': ['bare insert', 'time inside'],
      },
    },
  ];
