import { describe, expect, it } from 'vitest';
import { mergeNewest, mergeOlder } from './merge-texts';

function texts(...ids: number[]) {
  return ids.map((id) => ({
    id: String(id),
    fromPhone: false,
    senderNumber: '27600100200',
    text: `text ${id}`,
    createdAt: '2026-11-22T10:00:00.000Z',
  }));
}

function idsOf(contents: { messages: readonly { id: string }[] }) {
  return contents.messages.map((message) => Number(message.id));
}

describe('mergeNewest', () => {
  it('takes the first page as it is', () => {
    const page = { messages: texts(8, 9), older: '8' };
    expect(mergeNewest(null, page)).toBe(page);
  });

  it('adds what is new and keeps what is older', () => {
    const merged = mergeNewest(
      { messages: texts(1, 2, 9), older: null },
      { messages: texts(9, 10, 11), older: '9' },
    );
    expect(idsOf(merged)).toEqual([1, 2, 9, 10, 11]);
    expect(merged.older).toBeNull();
  });

  it('keeps the order when an earlier answer comes late', () => {
    const merged = mergeNewest(
      { messages: texts(9, 10, 11), older: '9' },
      { messages: texts(8, 9, 10), older: '8' },
    );
    expect(idsOf(merged)).toEqual([8, 9, 10, 11]);
  });

  it('starts over when there is a gap', () => {
    const merged = mergeNewest(
      { messages: texts(1, 2), older: null },
      { messages: texts(60, 61), older: '60' },
    );
    expect(idsOf(merged)).toEqual([60, 61]);
    expect(merged.older).toBe('60');
  });

  it('adds the first SMSs of a phone that was empty', () => {
    const merged = mergeNewest({ messages: [], older: null }, { messages: texts(1), older: null });
    expect(idsOf(merged)).toEqual([1]);
  });
});

describe('mergeOlder', () => {
  it('puts the page before and moves on', () => {
    const merged = mergeOlder({ messages: texts(8, 9), older: '8' }, { messages: texts(6, 7), older: '6' });
    expect(idsOf(merged)).toEqual([6, 7, 8, 9]);
    expect(merged.older).toBe('6');
  });
});
