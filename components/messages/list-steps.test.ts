import { expect, test } from 'vitest';
import { firstPartNote, lawfulHoursReason, noReceiptReason } from '@/lib/messages/labels';
import { listSteps, type Travelled } from './list-steps';

const message: Travelled = {
  status: 'QUEUED',
  reason: null,
  isFirstPart: false,
  createdAt: '2026-11-22T10:00:00Z',
  sentAt: null,
  finishedAt: null,
  scheduledAt: null,
  doubtedAt: null,
  nextAttemptAt: null,
};
const sentAt = '2026-11-22T10:00:01Z';
const finishedAt = '2026-11-22T10:00:05Z';
const scheduledAt = '2026-11-23T07:00:30Z';

function read(change: Partial<Travelled>): string[] {
  return listSteps({ ...message, ...change }).map(
    ({ state, label, at, note }) =>
      `${state}: ${label} ${at?.slice(17, 19) ?? '-'}${note ? ` (${note})` : ''}`,
  );
}

test.each([
  ['QUEUED', {}, ['now: Queued 00 (Waits for its turn.)']],
  ['QUEUED', { scheduledAt }, ['done: Queued 00', 'now: Scheduled 30 (Leaves at this time.)']],
  // marketing, at night: never tried, and tried once
  [
    'QUEUED',
    { scheduledAt, nextAttemptAt: scheduledAt, reason: lawfulHoursReason },
    ['done: Queued 00', `now: Waits until 30 (${lawfulHoursReason})`],
  ],
  [
    'QUEUED',
    { nextAttemptAt: scheduledAt, reason: lawfulHoursReason },
    ['done: Queued 00', `now: Waits until 30 (${lawfulHoursReason})`],
  ],
  // it was tried, and waits for the next attempt
  ['QUEUED', { scheduledAt, reason: 'Busy.' }, ['now: Queued 00 (Busy.)']],
  [
    'CANCELLED',
    { scheduledAt, finishedAt },
    ['done: Queued 00', 'bad: Cancelled 05 (Its credits were given back.)'],
  ],
  // it was sent again, or a receipt settled it
  [
    'DELIVERED',
    { sentAt, finishedAt, doubtedAt: '2026-11-22T10:00:03Z' },
    [
      'done: Queued 00',
      'done: In doubt 03 (The answer was lost. It may have been sent twice.)',
      'done: Sent 01',
      'done: Delivered 05',
    ],
  ],
  [
    'IN_DOUBT',
    {},
    [
      'done: Queued 00',
      'now: In doubt - (It was handed over, and the answer was lost. It may have arrived.)',
    ],
  ],
  ['SENDING', {}, ['done: Queued 00', 'now: Sending - (On its way to the carrier.)']],
  [
    'SENT',
    { sentAt },
    ['done: Queued 00', 'now: Sent 01 (Waits for the carrier to say that it was delivered.)'],
  ],
  ['DELIVERED', { sentAt, finishedAt }, ['done: Queued 00', 'done: Sent 01', 'done: Delivered 05']],
  [
    'DELIVERED',
    { sentAt, finishedAt, isFirstPart: true },
    ['done: Queued 00', 'done: Sent 01', `done: Delivered, first part 05 (${firstPartNote})`],
  ],
  [
    'NO_RECEIPT',
    { sentAt, finishedAt },
    [
      'done: Queued 00',
      'done: Sent 01',
      `done: No receipt 05 (${noReceiptReason} It is not known to have failed; if the network still reports, it is shown here.)`,
    ],
  ],
  [
    'FAILED',
    { sentAt, finishedAt, reason: 'The phone could not be reached.' },
    ['done: Queued 00', 'done: Sent 01', 'bad: Failed 05 (The phone could not be reached.)'],
  ],
  ['FAILED', { finishedAt }, ['done: Queued 00', 'bad: Failed 05 (The carrier gave no reason.)']],
  ['BLOCKED', { finishedAt, reason: 'Opted out.' }, ['done: Queued 00', 'blocked: Blocked 05 (Opted out.)']],
  ['BLOCKED', { finishedAt: message.createdAt, reason: 'Opted out.' }, ['blocked: Blocked 00 (Opted out.)']],
  ['BLOCKED', { reason: 'Opted out.' }, ['blocked: Blocked 00 (Opted out.)']],
] as const)('the way of a message that is %s', (status, change, steps) => {
  expect(read({ status, ...change })).toEqual(steps);
});
