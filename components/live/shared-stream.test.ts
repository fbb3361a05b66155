import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Browser } from './browser';
import { SharedStream } from './shared-stream';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(0);

/** A stream to the server, as a browser has it. */
class Source extends EventTarget {
  readyState = 0;
  constructor(readonly url: string) {
    super();
  }
  close() {
    this.readyState = 2;
  }
  accept() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  emit(data: string, name = 'change') {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
  fail(readyState: 0 | 2) {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }
  get age() {
    return Number(new URL(this.url, 'http://localhost').searchParams.get('age'));
  }
}

/** A browser with any number of tabs. */
function setUp({ canAgree = true, status = 200 } = {}) {
  const sources: Source[] = [];
  const channels = new Set<{ name: string; listener: (message: unknown) => void }>();
  const locks = new Map<string, { lead: () => Promise<void>; signal: AbortSignal }[]>();
  const server = { status };

  function passLead(name: string) {
    const [next] = locks.get(name) ?? [];
    if (!next) return;
    void next.lead().then(() => {
      locks.get(name)?.shift();
      passLead(name);
    });
  }

  function openTab(url = '/api/events?as=7.58324') {
    const tab = { hidden: false, awake: () => {} };
    const browser: Browser = {
      now: () => Date.now(),
      bornAt: Date.now(),
      isHidden: () => tab.hidden,
      onAwake(listener) {
        tab.awake = listener;
        return () => (tab.awake = () => {});
      },
      openChannel(name) {
        const own = { name, listener: (_message: unknown) => {} };
        channels.add(own);
        return {
          post(message) {
            for (const other of channels) {
              if (other !== own && other.name === name) queueMicrotask(() => other.listener(message));
            }
          },
          onMessage: (listener) => (own.listener = listener),
          close: () => channels.delete(own),
        };
      },
      requestLead(name, signal, lead) {
        if (!canAgree) return false;
        const line = locks.get(name) ?? [];
        locks.set(name, line);
        const candidate = { lead, signal };
        line.push(candidate);
        signal.addEventListener('abort', () => {
          const place = line.indexOf(candidate);
          if (place > 0) line.splice(place, 1);
        });
        if (line.length === 1) queueMicrotask(() => passLead(name));
        return true;
      },
      openSource(address) {
        const source = new Source(address);
        sources.push(source);
        return source as unknown as EventSource;
      },
      ask: async () => server.status,
    };
    const stream = new SharedStream(url, 'change', browser);
    const heard: string[] = [];
    stream.listeners.add({ onData: (data) => heard.push(data), onResume: () => heard.push('everything') });
    stream.open();
    const show = (hidden: boolean) => {
      tab.hidden = hidden;
      tab.awake();
    };
    return { stream, heard, hide: () => show(true), show: () => show(false) };
  }

  const listOpen = () => sources.filter(({ readyState }) => readyState !== 2);
  return { openTab, sources, server, listOpen };
}

describe('eight tabs', () => {
  test('hold one stream, and all hear of a change', async () => {
    const { openTab, listOpen, sources } = setUp();
    const tabs = Array.from({ length: 8 }, () => openTab());
    await settle();
    expect(listOpen()).toHaveLength(1);
    sources[0]?.accept();
    await settle();
    sources[0]?.emit('one');
    await settle();
    expect(tabs.map(({ heard }) => heard)).toEqual(tabs.map(() => ['one']));
    expect(new Set(tabs.map(({ stream }) => stream.status))).toEqual(new Set(['live']));
  });

  test('go on when the one that leads is closed; what was said in between is asked for', async () => {
    const { openTab, listOpen, sources } = setUp();
    const [first, second] = [openTab(), openTab()];
    await settle();
    sources[0]?.accept();
    await settle();
    await vi.advanceTimersByTimeAsync(30_000);
    sources[0]?.emit('', 'alive');
    await vi.advanceTimersByTimeAsync(4_000);
    first.stream.close();
    await settle();
    expect(listOpen()).toHaveLength(1);
    // from when the first left
    expect(sources[1]?.age).toBe(0);
    sources[1]?.accept();
    sources[1]?.emit('later');
    await settle();
    expect(second.heard).toEqual(['later']);
  });
});

test('a tab that comes later is told what was said since it was asked for', async () => {
  const { openTab, sources } = setUp();
  openTab();
  await settle();
  sources[0]?.accept();
  sources[0]?.emit('before');
  await vi.advanceTimersByTimeAsync(1_000);
  const late = openTab();
  sources[0]?.emit('meanwhile');
  await settle();
  expect(late.heard).toEqual(expect.arrayContaining(['meanwhile']));
  expect(late.heard).not.toContain('before');
  expect(late.stream.status).toBe('live');
});

test('a tab that is older than what is kept is told to look at everything', async () => {
  const { openTab, sources } = setUp();
  const old = openTab();
  old.hide();
  await vi.advanceTimersByTimeAsync(20_000);
  openTab();
  await settle();
  sources.at(-1)?.accept();
  await vi.advanceTimersByTimeAsync(120_000);
  old.show();
  await settle();
  expect(old.heard).toEqual(['everything']);
});

describe('a hidden tab', () => {
  test('lets another lead after a while, hears nothing, and catches up when it is shown', async () => {
    const { openTab, sources, listOpen } = setUp();
    const [first, second] = [openTab(), openTab()];
    await settle();
    sources[0]?.accept();
    await settle();
    first.hide();
    await vi.advanceTimersByTimeAsync(14_000);
    sources[0]?.emit('still looked at');
    await settle();
    expect(first.heard).toEqual(['still looked at']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(listOpen()).toEqual([sources[1]]);
    sources[1]?.accept();
    await vi.advanceTimersByTimeAsync(10_000);
    sources[1]?.emit('unseen');
    await settle();
    expect(second.heard).toContain('unseen');
    expect(first.heard).not.toContain('unseen');
    first.show();
    await settle();
    expect(first.heard).toContain('unseen');
    expect(listOpen()).toEqual([sources[1]]);
  });

  test('alone leaves no stream, and asks for what it has missed', async () => {
    const { openTab, sources, listOpen } = setUp();
    const tab = openTab();
    await settle();
    sources[0]?.accept();
    tab.hide();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(listOpen()).toEqual([]);
    await vi.advanceTimersByTimeAsync(45_000);
    tab.show();
    await settle();
    expect(sources[1]?.age).toBe(45_000);
  });

  test('that is shown again soon goes on as if nothing had been', async () => {
    const { openTab, sources, listOpen } = setUp();
    const tab = openTab();
    await settle();
    sources[0]?.accept();
    tab.hide();
    await vi.advanceTimersByTimeAsync(14_000);
    tab.show();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(listOpen()).toEqual([sources[0]]);
  });
});

test('two people who use one browser after each other hear nothing of each other', async () => {
  const { openTab, sources } = setUp();
  const [mine, theirs] = [openTab('/api/events?as=7.58324'), openTab('/api/events?as=8.61207')];
  await settle();
  expect(sources.map(({ url }) => url.split('&')[0])).toEqual([
    '/api/events?as=7.58324',
    '/api/events?as=8.61207',
  ]);
  sources[0]?.accept();
  sources[0]?.emit('mine');
  await settle();
  expect([mine.heard, theirs.heard]).toEqual([['mine'], []]);
});

test('where tabs cannot agree, each that is looked at has its own', async () => {
  const { openTab, sources, listOpen } = setUp({ canAgree: false });
  const tabs = [openTab(), openTab()];
  await settle();
  for (const source of sources) source.accept();
  for (const source of sources) source.emit('change');
  expect(tabs.map(({ heard }) => heard)).toEqual([['change'], ['change']]);
  tabs[0]?.hide();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(listOpen()).toEqual([sources[1]]);
});

describe('a stream that', () => {
  test('breaks is opened again for what has happened since', async () => {
    const { openTab, sources } = setUp();
    const tab = openTab();
    await settle();
    sources[0]?.accept();
    await vi.advanceTimersByTimeAsync(20_000);
    sources[0]?.emit('', 'alive');
    await vi.advanceTimersByTimeAsync(5_000);
    sources[0]?.fail(0);
    expect(tab.stream.status).toBe('reconnecting');
    await vi.advanceTimersByTimeAsync(1_500);
    expect(sources).toHaveLength(2);
    expect(sources[1]?.age).toBeGreaterThanOrEqual(5_500);
    expect(sources[1]?.age).toBeLessThanOrEqual(6_500);
    sources[1]?.accept();
    expect(tab.stream.status).toBe('live');
  });

  test('ends with the session says so in every tab, and asks no more until one of them is looked at', async () => {
    const { openTab, sources, server } = setUp();
    const tabs = [openTab(), openTab()];
    await settle();
    sources[0]?.accept();
    await settle();
    server.status = 401;
    sources[0]?.emit('{}', 'ended');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tabs.map(({ stream }) => stream.status)).toEqual(['ended', 'ended']);
    expect(sources).toHaveLength(1);

    // still signed out
    tabs[1]?.show();
    await settle();
    sources[1]?.fail(2);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(tabs.map(({ stream }) => stream.status)).toEqual(['ended', 'ended']);
    expect(sources).toHaveLength(2);

    // signed in again in another tab
    tabs[1]?.show();
    await settle();
    sources[2]?.accept();
    await settle();
    expect(tabs.map(({ stream }) => stream.status)).toEqual(['live', 'live']);
  });

  test.each([429, 503])('gets no place (%i) is tried again, seldom', async (status) => {
    const { openTab, sources } = setUp({ status });
    const tab = openTab();
    await settle();
    for (let attempt = 0; attempt < 3; attempt++) {
      sources.at(-1)?.fail(2);
      await vi.advanceTimersByTimeAsync(45_000);
    }
    expect(tab.stream.status).toBe('connecting');
    expect(sources).toHaveLength(4);
  });
});
