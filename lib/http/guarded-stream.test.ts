import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { guardStream } from './guarded-stream';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const deadlines = { unreadMs: 60_000, longestMs: 3_600_000 };

/** A file of so many pieces; `pull` may do something else than hand over the next. */
function setUp(pieces: number, pull?: () => Promise<void>) {
  const seen = { cancelled: false, ended: 0, given: 0 };
  const source = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await pull?.();
        if (seen.given === pieces) controller.close();
        else controller.enqueue(new Uint8Array([seen.given++]));
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const guarded = guardStream(source, deadlines, () => (seen.ended += 1));
  return { seen, reader: guarded.getReader() };
}

test('a file that is read comes whole, and its place is free', async () => {
  const { seen, reader } = setUp(3);
  const read = [];
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) read.push(...piece.value);
  expect(read).toEqual([0, 1, 2]);
  expect(seen).toMatchObject({ ended: 1, cancelled: false });
  expect(vi.getTimerCount()).toBe(0);
});

test('one that is not begun to be read ends, and fails', async () => {
  const { seen, reader } = setUp(3);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(seen.ended).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(seen).toMatchObject({ ended: 1, cancelled: true });
  await expect(reader.read()).rejects.toThrow('not read on');
  expect(vi.getTimerCount()).toBe(0);
});

test('one that is read on in time goes on, however long it takes; then it ends all the same', async () => {
  const { seen, reader } = setUp(Infinity);
  for (let minute = 0; minute < 59; minute++) {
    expect((await reader.read()).done).toBe(false);
    await vi.advanceTimersByTimeAsync(59_999);
  }
  expect(seen.ended).toBe(0);
  await reader.read();
  await vi.advanceTimersByTimeAsync(59_999);
  await reader.read();
  await vi.advanceTimersByTimeAsync(59_999);
  expect(seen).toMatchObject({ ended: 1, cancelled: true });
});

test('the time that the database takes is not the reader’s', async () => {
  let give = () => {};
  const { seen, reader } = setUp(1, () => new Promise((resolve) => (give = resolve)));
  const reading = reader.read();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(seen.ended).toBe(0);
  give();
  expect((await reading).value).toEqual(new Uint8Array([0]));
});

test('a reader who goes, and a source that fails, free the place', async () => {
  const gone = setUp(3);
  await gone.reader.read();
  await gone.reader.cancel();
  expect(gone.seen).toMatchObject({ ended: 1, cancelled: true });

  const failing = setUp(3, () => Promise.reject(new Error('the database has gone')));
  await expect(failing.reader.read()).rejects.toThrow('the database has gone');
  expect(failing.seen.ended).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
