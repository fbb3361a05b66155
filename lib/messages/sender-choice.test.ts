import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseSenderNumber, type LiveConversation } from './sender-choice';

const msisdn = '27821234567';
const us = 1;
const them = 2;
const day = (number: number) => new Date(Date.UTC(2026, 10, number));
const talk = (accountId: number, senderNumber: string, on: number): LiveConversation => ({
  accountId,
  senderNumber,
  lastMessageAt: day(on),
});

describe('chooseSenderNumber', () => {
  test('without a sender number there is none', () => {
    expect(chooseSenderNumber(us, msisdn, { dedicated: [], shared: [] }, [])).toBeNull();
  });

  test('a dedicated number goes before shared ones, whoever talks on those', () => {
    const pool = { dedicated: ['D'], shared: ['A', 'B'] };
    expect(chooseSenderNumber(us, msisdn, pool, [talk(us, 'A', 1)])).toBe('D');
  });

  test('of several dedicated numbers, the one this recipient knows', () => {
    const pool = { dedicated: ['D', 'E', 'F'], shared: [] };
    for (const known of pool.dedicated) {
      expect(chooseSenderNumber(us, msisdn, pool, [talk(us, known, 1)])).toBe(known);
    }
    expect(chooseSenderNumber(us, msisdn, pool, [talk(us, 'D', 1), talk(us, 'F', 2)])).toBe('F');
  });

  test('sticky: the shared number we already talk on, if nobody else does', () => {
    const pool = { dedicated: [], shared: ['A', 'B', 'C'] };
    expect(chooseSenderNumber(us, msisdn, pool, [talk(us, 'B', 1), talk(them, 'A', 2)])).toBe('B');
    expect(chooseSenderNumber(us, msisdn, pool, [talk(us, 'B', 1), talk(them, 'B', 2)])).not.toBe('B');
  });

  test('a number we no longer have is not used again', () => {
    expect(chooseSenderNumber(us, msisdn, { dedicated: [], shared: ['A'] }, [talk(us, 'gone', 1)])).toBe('A');
  });

  test('an exhausted pool gives the number that others used longest ago', () => {
    const pool = { dedicated: [], shared: ['A', 'B', 'C'] };
    const conversations = [talk(them, 'A', 3), talk(3, 'B', 1), talk(them, 'B', 4), talk(them, 'C', 2)];
    expect(chooseSenderNumber(us, msisdn, pool, conversations)).toBe('C');
  });

  test('recipients are spread over the numbers', () => {
    const pool = { dedicated: [], shared: ['A', 'B', 'C', 'D'] };
    const counts = new Map<string | null, number>();
    for (let n = 0; n < 4000; n++) {
      const chosen = chooseSenderNumber(us, `2782${String(1_000_000 + n)}`, pool, []);
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual([1000, 1000, 1000, 1000]);
  });

  test('whatever has been said: a number of ours, the same each time, and nobody else’s while one is free', () => {
    const number = fc.constantFrom('A', 'B', 'C', 'D', 'X');
    const conversation = fc.record({
      senderNumber: number,
      accountId: fc.integer({ min: 1, max: 3 }),
      lastMessageAt: fc.integer({ min: 1, max: 28 }).map(day),
    });
    // no two at the same moment: of those, either may count as the last
    const conversations = fc.uniqueArray(conversation, {
      selector: ({ lastMessageAt }) => lastMessageAt.getTime(),
    });
    const pool = fc.record({
      dedicated: fc.constant<string[]>([]),
      shared: fc.subarray(['A', 'B', 'C', 'D'], { minLength: 1 }),
    });
    fc.assert(
      fc.property(
        pool,
        conversations,
        fc.stringMatching(/^2782\d{7}$/),
        (numbers, conversations, recipient) => {
          const chosen = chooseSenderNumber(us, recipient, numbers, conversations);
          expect(numbers.shared).toContain(chosen);
          expect(chooseSenderNumber(us, recipient, numbers, [...conversations].reverse())).toBe(chosen);
          const takenBy = (candidate: string | null) =>
            conversations.some(
              ({ senderNumber, accountId }) => senderNumber === candidate && accountId !== us,
            );
          if (numbers.shared.some((candidate) => !takenBy(candidate))) expect(takenBy(chosen)).toBe(false);
        },
      ),
    );
  });
});
