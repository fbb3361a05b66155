import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { respondRefusal } from './with-place';
import { describeRefusal, Places, scarceThings, type Asker, type Place } from './shares';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const rules = { places: 4, perAccount: 2, perAddress: 3, ownLine: 0, waitMs: 10_000 };
const of = (account: string | null, address: string | null = null): Asker => ({ account, address });

async function take(places: Places, asker: Asker): Promise<Place & { ok: true }> {
  const place = await places.acquire(asker);
  if (!place.ok) throw new Error(`refused: ${place.because}`);
  return place;
}

describe('one who has their share', () => {
  test('is refused at once, and another gets through at once', async () => {
    const places = new Places(rules);
    const [first] = [await take(places, of('1')), await take(places, of('1'))];
    expect(await places.acquire(of('1'))).toEqual({ ok: false, because: 'account', held: 2 });
    expect(await places.acquire(of('2'))).toMatchObject({ ok: true });
    first.release();
    expect(await places.acquire(of('1'))).toMatchObject({ ok: true });
  });

  test('by their address, whatever their account', async () => {
    const places = new Places(rules);
    for (const account of ['1', '2', '3']) await take(places, of(account, '192.0.2.1'));
    expect(await places.acquire(of('4', '192.0.2.1'))).toMatchObject({ ok: false, because: 'address' });
    expect(await places.acquire(of('4', '192.0.2.2'))).toMatchObject({ ok: true });
  });

  test('does not pass it on to those whose address is not known', async () => {
    const places = new Places({ ...rules, perAccount: 1 });
    for (const account of ['1', '2', '3', '4']) await take(places, of(account));
    expect(places.inUse).toBe(4);
  });
});

test('strangers from nowhere in particular share one share, and keep no account out', async () => {
  const places = new Places(rules);
  for (let stranger = 0; stranger < 400; stranger++) await places.acquire(of(null));
  expect(places.inUse).toBe(3);
  expect(await places.acquire(of('1'))).toMatchObject({ ok: true });
});

describe('one who waits in line, within their share,', () => {
  async function fill(): Promise<{ places: Places; held: (Place & { ok: true })[] }> {
    const places = new Places(rules);
    const held = [];
    for (const account of ['1', '1', '2', '2']) held.push(await take(places, of(account)));
    return { places, held };
  }

  test('gets the next place, the first in line first', async () => {
    const { places, held } = await fill();
    const order: string[] = [];
    for (const account of ['3', '4']) {
      void places.acquire(of(account)).then(({ ok }) => ok && order.push(account));
    }
    held[0]?.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(order).toEqual(['3']);
    held[1]?.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(order).toEqual(['3', '4']);
    expect(places.inUse).toBe(4);
  });

  test('is refused when no place comes free, and leaves no trace', async () => {
    const { places, held } = await fill();
    const waiting = [places.acquire(of('3')), places.acquire(of('3'))];
    // those who wait count as well: nobody fills the line
    expect(await places.acquire(of('3'))).toMatchObject({ ok: false, because: 'account' });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await Promise.all(waiting)).toEqual([
      { ok: false, because: 'everybody', held: 4 },
      { ok: false, because: 'everybody', held: 4 },
    ]);
    held.forEach(({ release }) => release());
    expect(places.inUse).toBe(0);
    for (let place = 0; place < 2; place++) await take(places, of('3'));
  });

  test('and goes away no longer waits; one that had gone before gets none', async () => {
    const { places, held } = await fill();
    const abort = new AbortController();
    const waiting = places.acquire(of('3'), abort.signal);
    abort.abort();
    expect(await waiting).toMatchObject({ ok: false });
    expect(await places.acquire(of('3'), abort.signal)).toMatchObject({ ok: false });
    held[0]?.release();
    expect(places.inUse).toBe(3);
  });
});

describe('one who has their share, where short things wait for their own,', () => {
  test('waits, does not hold up others, and is refused when too many wait', async () => {
    const places = new Places({ ...rules, ownLine: 1 });
    const [first] = [await take(places, of('1')), await take(places, of('1'))];
    let began = false;
    void places.acquire(of('1')).then(({ ok }) => (began = ok));
    expect(await places.acquire(of('1'))).toEqual({ ok: false, because: 'account', held: 2 });
    (await take(places, of('2'))).release();
    await vi.advanceTimersByTimeAsync(0);
    expect(began).toBe(false);
    first.release();
    await vi.advanceTimersByTimeAsync(0);
    expect(began).toBe(true);
    expect(places.inUse).toBe(2);
  });

  test('is told so when its time is up', async () => {
    const places = new Places({ ...rules, ownLine: 1 });
    for (const account of ['1', '1']) await take(places, of(account));
    const waiting = places.acquire(of('1'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await waiting).toEqual({ ok: false, because: 'account', held: 2 });
  });
});

test('a place given back twice is one place', async () => {
  const places = new Places(rules);
  const [first] = [await take(places, of('1')), await take(places, of('2'))];
  first.release();
  first.release();
  expect(places.inUse).toBe(1);
});

describe('a refusal', () => {
  test('says in words who holds what, and when to come again', async () => {
    const answer = respondRefusal('download', { ok: false, because: 'account', held: 2 });
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('15');
    expect(await answer.json()).toMatchObject({
      detail: 'Your account has two downloads running. Wait until one has ended, then try again.',
    });
    expect(describeRefusal('upload', { ok: false, because: 'account', held: 1 }).detail).toBe(
      'Your account has one upload running. Wait until it has ended, then try again.',
    );
  });

  test('is the house’s own fault when all places are taken', () => {
    for (const thing of scarceThings) {
      expect(describeRefusal(thing, { ok: false, because: 'everybody', held: 4 }).status).toBe(503);
    }
  });
});
