import { expect, test } from 'vitest';
import { readEvidence } from './evidence';
import { removalRequestEvents } from './schema';

const asked = {
  messageId: '7',
  dueAt: '2026-11-23T06:00:00.000Z',
  expiresAt: '2026-11-30T06:00:00.000Z',
};
const given = { permissionText: 'I may ask.', permissionAddress: null };

test('evidence is read back as it was written', () => {
  for (const evidence of [
    given,
    { ...given, permissionUserId: 3, permissionAt: '2026-11-22T10:00:00.000Z', ...asked },
  ]) {
    expect(readEvidence('REQUESTED', evidence)).toEqual(evidence);
  }
  expect(readEvidence('CONFIRMED', { address: '10.0.0.1', ...asked })).toEqual({
    address: '10.0.0.1',
    ...asked,
  });
  const reply = {
    text: 'YES',
    replyId: '12',
    senderNumber: '27600100200',
    receivedAt: '2026-11-23T07:00:00.000Z',
    autoApproved: true,
  };
  expect(readEvidence('YES', reply)).toEqual(reply);
  expect(readEvidence('APPROVED', { staffId: 4 })).toEqual({ staffId: 4 });
});

test('an old event may know less, and none may hold something else', () => {
  for (const event of removalRequestEvents) {
    expect(readEvidence(event, {})).toEqual({});
    for (const wrong of [null, 'text', 7]) expect(() => readEvidence(event, wrong)).toThrow();
  }
  expect(() => readEvidence('YES', { text: 7 })).toThrow();
  expect(() => readEvidence('APPROVED', { staffId: 'staff:4' })).toThrow();
});
