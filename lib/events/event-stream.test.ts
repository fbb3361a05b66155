import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createListener, type Listener } from '@/lib/db/listen';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { getPlaces } from '@/lib/http/shares';
import { waitUntil } from '@/testing/poll';
import { withTransaction } from '@/lib/db/client';
import { accountChangedChannel, tellAccounts, parseAccountChange } from './account-changes';
import { streamEvents, type EventStreamOptions } from './event-stream';

let db: TestDatabase;
let listener: Listener;
const kept = globalThis as { clientZoneListener?: Listener };

beforeAll(async () => {
  db = await createTestDatabase();
  listener = kept.clientZoneListener = createListener(db.url);
});
afterAll(async () => {
  delete kept.clientZoneListener;
  await listener.close();
  await db.close();
});

/** A page of this account, and what it has been told so far. */
async function openPage(accountId: number, query = '', watch?: EventStreamOptions['watch']) {
  const abort = new AbortController();
  const response = await streamEvents(
    new Request(`http://localhost/api/events${query}`, { signal: abort.signal }),
    {
      channel: accountChangedChannel,
      share: 'stream',
      account: String(accountId),
      watch,
      begin: (send) => ({
        hear(event) {
          if (event.type === 'resync') return send('change', 'everything');
          const change = parseAccountChange(event.payload);
          if (change?.accountId === accountId) send('change', change.topics);
        },
      }),
    },
  );
  const page = { abort, response, told: '', ended: false };
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  void (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      page.told += decoder.decode(value, { stream: true });
    }
    page.ended = true;
  })();
  return { page, reader };
}

async function change(accountId: number): Promise<void> {
  await tellAccounts(db.pool, [accountId], ['opt-outs', 'messages']);
}

async function listListening(): Promise<string[]> {
  const { rows } = await db.pool.query<{ query: string }>(
    `select query from pg_stat_activity where datname = current_database() and application_name = 'client-zone listener'`,
  );
  return rows.map(({ query }) => query);
}

describe('a page', () => {
  test('is told of its own account’s changes, in the words of server-sent events', async () => {
    const { page } = await openPage(1);
    expect(page.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await waitUntil('the page listens', () => page.told.includes('everything'));
    expect(page.told).toMatch(/^retry: 2000\n\n/);
    await change(2);
    await change(1);
    await waitUntil('the page was told', () => page.told.includes('opt-outs'));
    expect(page.told.match(/event: change\ndata: .*\n\n/g)).toEqual([
      'event: change\ndata: "everything"\n\n',
      'event: change\ndata: ["messages","opt-outs"]\n\n',
    ]);
    page.abort.abort();
    await waitUntil('the stream has ended', () => page.ended);
  });

  test('shares one connection with every other page', async () => {
    const opened = await Promise.all(Array.from({ length: 20 }, () => openPage(3)));
    const pages = opened.map(({ page }) => page);
    await waitUntil('all listen', () => pages.every(({ told }) => told.includes('everything')));
    await change(3);
    await waitUntil('all were told', () => pages.every(({ told }) => told.includes('opt-outs')));
    expect(await listListening()).toHaveLength(1);
    for (const { abort } of pages) abort.abort();
    await waitUntil('all have ended', () => pages.every(({ ended }) => ended));
  });

  test('that was rendered before a change and listens only after is told of it', async () => {
    const { page: early } = await openPage(6);
    await waitUntil('the first page listens', () => early.told.includes('everything'));
    await change(6);
    await waitUntil('the first page was told', () => early.told.includes('opt-outs'));
    const { page: stranger } = await openPage(7, '?age=0');
    const { page: late } = await openPage(6, '?age=0');
    await waitUntil('the late page was told', () => /everything|opt-outs/.test(late.told));
    expect(stranger.told).not.toContain('opt-outs');
    for (const { abort } of [early, stranger, late]) abort.abort();
  });

  test('that goes, either way, is forgotten; with the last one the database says nothing more', async () => {
    const [aborted, cancelled] = [await openPage(4), await openPage(4)];
    await waitUntil('both listen', () =>
      [aborted, cancelled].every(({ page }) => page.told.includes('everything')),
    );
    aborted.page.abort.abort();
    await cancelled.reader.cancel();
    await waitUntil('nobody listens', async () =>
      (await listListening()).every((query) => query.startsWith('UNLISTEN')),
    );
    const before = cancelled.page.told;
    await change(4);
    expect(cancelled.page.told).toBe(before);
  });

  test('that has gone before it began ends at once', async () => {
    const abort = new AbortController();
    abort.abort();
    const response = await streamEvents(new Request('http://localhost/', { signal: abort.signal }), {
      channel: accountChangedChannel,
      share: 'stream',
      account: '8',
      begin: () => ({ hear: () => undefined }),
    });
    expect(response.status).toBe(503);
    await waitUntil('nobody listens', async () =>
      (await listListening()).every((query) => query.startsWith('UNLISTEN')),
    );
  });
});

describe('a stream', () => {
  const places = getPlaces('stream');
  const begin: EventStreamOptions['begin'] = () => ({ hear: () => undefined });
  const options = { channel: accountChangedChannel, share: 'stream', account: '9', begin } as const;
  const ask = (init?: RequestInit) => streamEvents(new Request('http://localhost/', init), options);

  test('takes a place, and gives it back when its reader goes', async () => {
    const before = places.inUse;
    const response = await ask();
    expect(places.inUse).toBe(before + 1);
    await response.body?.cancel();
    expect(places.inUse).toBe(before);
  });

  test('is not opened by HEAD, which nobody would ever close', async () => {
    const before = places.inUse;
    const response = await ask({ method: 'HEAD' });
    expect([response.status, response.body]).toEqual([200, null]);
    expect(places.inUse).toBe(before);
  });

  test('of strangers is one of few, and keeps no account out', async () => {
    const strangers = await Promise.all(
      Array.from({ length: 400 }, () =>
        streamEvents(new Request('http://localhost/'), {
          ...options,
          share: 'simulator-stream',
          account: null,
        }),
      ),
    );
    const open = strangers.filter(({ status }) => status === 200);
    expect(open).toHaveLength(getPlaces('simulator-stream').rules.perAddress);
    expect(strangers.at(-1)?.status).toBe(429);
    const response = await ask();
    expect(response.status).toBe(200);
    for (const { body } of [...open, response]) await body?.cancel();
    expect(getPlaces('simulator-stream').inUse).toBe(0);
  });

  test('that is not read ends, and frees its place', async () => {
    const before = places.inUse;
    let write = (_name: string, _data: unknown) => {};
    const response = await streamEvents(new Request('http://localhost/'), {
      ...options,
      begin: (send) => {
        write = send;
        return { hear: () => undefined };
      },
    });
    for (let event = 0; event < 300; event++) write('change', event);
    expect(places.inUse).toBe(before);
    await expect(response.text()).rejects.toThrow('not read');
  });

  test('ends with its session, and says so', async () => {
    let end = () => {};
    let isWatched = true;
    const { page } = await openPage(10, '', (onEnd) => {
      end = onEnd;
      return () => (isWatched = false);
    });
    end();
    await waitUntil('the stream has ended', () => page.ended);
    expect(page.told).toMatch(/event: ended\ndata: {}\n\n$/);
    expect(isWatched).toBe(false);
  });
});

describe('what a notification says', () => {
  test('reads back; what is none is none', () => {
    expect(parseAccountChange('58324:opt-outs,credits')).toEqual({
      accountId: 58324,
      topics: ['opt-outs', 'credits'],
    });
    expect(parseAccountChange('58324:unknown')).toEqual({ accountId: 58324, topics: [] });
    expect(parseAccountChange('x:messages')).toBeNull();
  });

  test('is said on commit, and never after a rollback', async () => {
    const { page } = await openPage(5);
    await waitUntil('the page listens', () => page.told.includes('everything'));
    const undone = withTransaction(db.pool, async (client) => {
      await tellAccounts(client, [5], ['replies']);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await withTransaction(db.pool, (client) => tellAccounts(client, [5], ['opt-outs', 'messages']));
    await waitUntil('the page was told', () => page.told.includes('opt-outs'));
    expect(page.told).not.toContain('replies');
    page.abort.abort();
  });
});
