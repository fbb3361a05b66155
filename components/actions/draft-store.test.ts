import { beforeEach, expect, test, vi } from 'vitest';
import {
  composeDraftKey,
  dropDraft,
  dropDraftsOf,
  keepDrafts,
  readDraft,
  registerDraft,
} from './draft-store';
import { reviveDraft } from './revive-draft';

let listeners: Map<string, () => void>;

beforeEach(() => {
  // Its keys are what `Object.keys` of a real one gives.
  const stored = Object.create({
    getItem(this: Record<string, string>, name: string) {
      return this[name] ?? null;
    },
    setItem(this: Record<string, string>, name: string, value: string) {
      this[name] = value;
    },
    removeItem(this: Record<string, string>, name: string) {
      Reflect.deleteProperty(this, name);
    },
  }) as Storage;
  vi.stubGlobal('sessionStorage', stored);
  listeners = new Map();
  vi.stubGlobal('window', {
    addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
    removeEventListener: (name: string) => listeners.delete(name),
  });
});

test('what is typed is written down when the page goes, and not before', () => {
  const key = composeDraftKey('thandi', 'send');
  const leave = registerDraft({ key, read: () => '"Hello"' });
  const leaveOther = registerDraft({ key: composeDraftKey('thandi', 'settings'), read: () => null });
  expect(readDraft(key)).toBeNull();
  listeners.get('pagehide')?.();
  expect(readDraft(key)).toBe('"Hello"');
  expect(readDraft(composeDraftKey('thandi', 'settings'))).toBeNull();
  leave();
  leaveOther();
  expect(listeners.size).toBe(0);
  dropDraft(key);
  keepDrafts();
  expect(readDraft(key)).toBeNull();
});

test('signing out drops one’s own, also what is on the page still', () => {
  const own = composeDraftKey('thandi', 'send');
  const other = composeDraftKey('thandiwe', 'send');
  const leave = [own, other].map((key) => registerDraft({ key, read: () => '"Hello"' }));
  keepDrafts();
  dropDraftsOf('thandi');
  keepDrafts();
  expect([readDraft(own), readDraft(other)]).toEqual([null, '"Hello"']);
  for (const one of leave) one();
});

test('a full or switched-off storage loses drafts, and nothing else', () => {
  vi.stubGlobal('sessionStorage', {
    getItem: () => {
      throw new Error('SecurityError');
    },
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
    removeItem: () => {
      throw new Error('SecurityError');
    },
  });
  const key = composeDraftKey('', 'contact');
  const leave = registerDraft({ key, read: () => '"Hello"' });
  keepDrafts();
  dropDraft(key);
  dropDraftsOf('');
  expect(readDraft(key)).toBeNull();
  leave();
});

const initial = { recipients: '', text: '', isTicked: false };

test.each([
  ['{"recipients":"082","text":"Hi","isTicked":true}', { recipients: '082', text: 'Hi', isTicked: true }],
  ['{"recipients":"082","gone":"x"}', { recipients: '082', text: '', isTicked: false }],
  ['{"text":7,"isTicked":"yes"}', initial],
  ['"a text"', null],
  ['null', null],
  ['{', null],
])('an older page’s draft %s', (written, draft) => {
  expect(reviveDraft(written, initial)).toEqual(draft);
});

test('a text is a text', () => {
  expect(reviveDraft<string>('"082"', '')).toBe('082');
  expect(reviveDraft<string>('{"text":"082"}', '')).toBeNull();
});
