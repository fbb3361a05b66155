import { notFound, redirect } from 'next/navigation';
import { UnrecognizedActionError } from 'next/dist/client/components/unrecognized-action-error';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callAction, prepareCall } from './call-action';
import { composeDraftKey, readDraft, registerDraft } from './draft-store';

let network: { onLine: boolean };
let stored: Map<string, string>;
const key = composeDraftKey('thandi', 'send');
let unregister: () => void;

beforeEach(() => {
  network = { onLine: true };
  stored = new Map();
  vi.stubGlobal('navigator', network);
  vi.stubGlobal('window', { addEventListener: () => undefined, removeEventListener: () => undefined });
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => stored.set(name, value),
    removeItem: (name: string) => stored.delete(name),
  });
  unregister = registerDraft({ key, read: () => '"Good morning"' });
});

afterEach(() => {
  unregister();
  vi.unstubAllGlobals();
});

function fail(error: unknown) {
  return callAction(prepareCall(() => Promise.reject(error as Error)));
}

test('an answer is handed on, with what was asked', async () => {
  const double = (value: number) => Promise.resolve(value * 2);
  expect(await callAction(prepareCall(double, 21))).toEqual({ isAnswered: true, answer: 42 });
  expect(readDraft(key)).toBeNull();
});

test('a lost request may have been done; what was typed is kept', async () => {
  expect(await fail(new TypeError('Failed to fetch'))).toEqual({
    isAnswered: false,
    failure: { kind: 'unreachable', isUndone: false },
  });
  expect(readDraft(key)).toBe('"Good morning"');
});

test('nothing leaves a device that has no network', async () => {
  network.onLine = false;
  expect(await fail(new TypeError('Failed to fetch'))).toEqual({
    isAnswered: false,
    failure: { kind: 'offline', isUndone: true },
  });
});

test('a network that went while the server was asked leaves it open whether it was done', async () => {
  const action = () => {
    network.onLine = false;
    return Promise.reject(new TypeError('Failed to fetch'));
  };
  expect(await callAction(prepareCall(action))).toMatchObject({
    failure: { kind: 'unreachable', isUndone: false },
  });
});

test('an action that the server does not know was not done: the page is older than the server', async () => {
  expect(await fail(new UnrecognizedActionError('Server Action "40…" was not found on the server.'))).toEqual(
    {
      isAnswered: false,
      failure: { kind: 'outdated', isUndone: true },
    },
  );
  expect(readDraft(key)).toBe('"Good morning"');
});

test('an exception of the server comes with the code that its log has', async () => {
  const error = Object.assign(new Error('An error occurred in the Server Components render.'), {
    digest: '3051',
  });
  expect(await fail(error)).toEqual({
    isAnswered: false,
    failure: { kind: 'broken', isUndone: false, code: '3051' },
  });
});

test('what a proxy on the way answers is no answer', async () => {
  const error = new Error('An unexpected response was received from the server.');
  expect(await fail(error)).toMatchObject({ failure: { kind: 'unreachable', isUndone: false } });
});

test('redirects and 404s go on to Next.js; led to the sign-in page, what was typed is kept', async () => {
  const lead = (path: string) => callAction(prepareCall(() => Promise.resolve().then(() => redirect(path))));
  await expect(lead('/removal-requests/7')).rejects.toThrow('NEXT_REDIRECT');
  await expect(callAction(prepareCall(() => Promise.resolve().then(() => notFound())))).rejects.toThrow(
    '404',
  );
  expect(readDraft(key)).toBeNull();
  await expect(lead('/sign-in?reason=ended&to=%2Fsend')).rejects.toThrow('NEXT_REDIRECT');
  expect(readDraft(key)).toBe('"Good morning"');
});
