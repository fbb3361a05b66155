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
  'delete-removed-webhooks': 'A sweep of the worker, over all accounts.',
  'delete-webhook-deliveries': 'A sweep of the worker, over all accounts.',
  'find-webhook-endpoints': 'The worker looks for endpoints that are to be sent something.',
  'delete-api-answers': 'A sweep of the worker, over all accounts.',
  'delete-carrier-receipts': 'A sweep of the worker, over all numbers.',
  'find-old-lists': 'A sweep of the worker, over all accounts.',
  'find-accounts-with-many-tallies': 'The worker looks for accounts whose tally is to be summed up.',
  'find-due-accounts': 'The worker looks for accounts that have messages due.',
  'has-carrier-unfinished-messages': 'Staff remove a carrier, whose messages are of all accounts.',
  'count-outstanding-of-carrier': 'Staff see what a carrier still has, of all accounts.',
  'count-held-in-doubt': 'Staff see how many messages wait for them, of all accounts.',
  'count-waiting-unowned': 'Staff see how many replies have no owner, of all numbers.',
  'list-waiting-replies': 'Staff see replies that wait, of all accounts.',
};

/**
 * Statements that a cluster refuses and is never sent: one PostgreSQL does in one what a cluster does in
 * parts (lib/db/apart.ts).
 */
export const onOneServer: Readonly<Record<string, { reason: string; faults: readonly ScaleFault[] }>> = {
  'lock-receipted-messages-of-accounts': {
    reason: 'Messages of several accounts are locked at once; a cluster locks those of one at a time.',
    faults: ['locks across'],
  },
  'look-list-up': {
    reason: 'Opt-outs of a family are looked up beside the lines of one account; a cluster reads them all.',
    faults: [],
  },
};

/**
 * Statements that read a table after a part of them has written it, and find the same on a cluster, which
 * sees what was written, as on one PostgreSQL, which does not. Why, of each.
 */
export const readsAfterWriting: Readonly<Record<string, string>> = {
  'receive-replies-receipts': 'Leaves out the receipts of its own batch.',
  'accept-messages': 'Reads the balance only when it has not changed it.',
  'accept-messages-in-family': 'Reads the balance only when it has not changed it.',
  'accept-affordable-messages': 'Reads the balance only when it has not changed it.',
  'accept-affordable-messages-in-family': 'Reads the balance only when it has not changed it.',
  'expand-webhook-batches': 'Leaves out the batches that it has taken away.',
  'prepare-retention': 'What it has begun is younger than anything that it begins anew.',
};
