import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { attributeReply, type ConversationFact } from './attribution';

const now = new Date('2026-11-22T10:00:00Z');
const windowDays = 30;
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
const fact = (accountId: number, days: number): ConversationFact => ({
  accountId,
  lastMessageId: String(accountId * 100),
  lastMessageAt: ago(days),
});
const attribute = (facts: readonly ConversationFact[], dedicatedTo: number | null = null) =>
  attributeReply(facts, dedicatedTo, now, windowDays).candidates;

describe('attributeReply', () => {
  test('nobody wrote: nobody’s', () => {
    expect(attribute([])).toEqual([]);
  });

  test('one account wrote: its, with the message it answers', () => {
    expect(attribute([fact(1, 3)])).toEqual([{ accountId: 1, messageId: '100' }]);
  });

  test('several wrote within the window: all of them, the last first', () => {
    expect(attribute([fact(1, 3), fact(2, 1), fact(3, 2)]).map(({ accountId }) => accountId)).toEqual([
      2, 3, 1,
    ]);
  });

  test('the window ends to the millisecond', () => {
    expect(attribute([fact(1, 1), fact(2, 30)])).toHaveLength(2);
    const justOutside = { ...fact(2, 30), lastMessageAt: new Date(ago(30).getTime() - 1) };
    expect(attribute([fact(1, 1), justOutside]).map(({ accountId }) => accountId)).toEqual([1]);
  });

  test('all outside the window: the last to have written, alone', () => {
    expect(attribute([fact(1, 90), fact(2, 31), fact(3, 400)]).map(({ accountId }) => accountId)).toEqual([
      2,
    ]);
  });

  test('a dedicated number is its account’s, whoever else wrote from it once', () => {
    expect(attribute([fact(1, 1), fact(2, 50)], 2)).toEqual([{ accountId: 2, messageId: '200' }]);
    expect(attribute([fact(1, 1)], 2)).toEqual([{ accountId: 2, messageId: null }]);
  });

  test('whatever was written: an owner if anybody wrote, the last first, and only who wrote', () => {
    const facts = fc.uniqueArray(
      fc.record({ accountId: fc.integer({ min: 1, max: 9 }), days: fc.integer({ min: 0, max: 60 }) }),
      { selector: ({ accountId }) => accountId, minLength: 1 },
    );
    fc.assert(
      fc.property(facts, (written) => {
        const candidates = attribute(written.map(({ accountId, days }) => fact(accountId, days)));
        const daysOf = (accountId: number) =>
          written.find((one) => one.accountId === accountId)?.days ?? Infinity;
        const days = candidates.map(({ accountId }) => daysOf(accountId));
        expect(days[0]).toBe(Math.min(...written.map((one) => one.days)));
        expect(days).toEqual([...days].sort((a, b) => a - b));
        const live = written.filter((one) => one.days <= windowDays);
        expect(candidates).toHaveLength(Math.max(1, live.length));
      }),
    );
  });

  test('does not depend on the order of the conversations', () => {
    const facts = [fact(1, 2), fact(2, 2), fact(3, 1)];
    expect(attribute([...facts].reverse())).toEqual(attribute(facts));
  });
});
