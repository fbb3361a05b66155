import { afterEach, describe, expect, test, vi } from 'vitest';
import { readSearch } from '@/lib/http/read-search';
import { BrokenUploadError, drainUpload, readUpload, uploadParameters } from './upload';

const readUploadParameters = (query: URLSearchParams) =>
  uploadParameters.safeParse(readSearch(query)).data ?? null;

const whole = 'purpose=CHECK&name=numbers.csv&separator=%3B&column=1&header=yes&encoding=utf-8';

describe('what an upload says of itself', () => {
  test('is read', () => {
    expect(readUploadParameters(new URLSearchParams(whole))).toEqual({
      purpose: 'CHECK',
      name: 'numbers.csv',
      format: { separator: ';', columns: [1], headerRows: 1, encoding: 'utf-8' },
    });
  });

  test('can have several columns, and more rows above them', () => {
    const query = new URLSearchParams(whole);
    query.set('header', '3');
    for (const column of ['4', '0', '4']) query.append('column', column);
    expect(readUploadParameters(query)?.format).toMatchObject({ columns: [0, 1, 4], headerRows: 3 });
    query.set('header', 'no');
    expect(readUploadParameters(query)?.format).toMatchObject({ headerRows: 0 });
  });

  test.each([
    'purpose=DELETE',
    'separator=%22',
    'separator=ab',
    'column=-1',
    'column=x',
    'column=',
    'header=1.5',
    'header=maybe',
    'encoding=utf-7',
  ])('is refused with %s', (change) => {
    const query = new URLSearchParams(whole);
    for (const [name, value] of new URLSearchParams(change)) query.set(name, value);
    expect(readUploadParameters(query)).toBeNull();
  });

  test.each(['purpose', 'name', 'separator', 'column', 'header', 'encoding'])(
    'is refused without %s',
    (name) => {
      const query = new URLSearchParams(whole);
      query.delete(name);
      expect(readUploadParameters(query)).toBeNull();
    },
  );

  test('has a name of one line', () => {
    const query = new URLSearchParams(whole);
    query.set('name', `a\nb\0${'c'.repeat(300)}`);
    expect(readUploadParameters(query)?.name).toBe(`a b ${'c'.repeat(196)}`);
    query.set('name', ' ');
    expect(readUploadParameters(query)?.name).toBe('Without a name');
    // of a workbook with the sheet that was read, however long the name of the file is
    query.set('name', `${'c'.repeat(300)}`);
    query.set('sheet', ' Customers\n2026 ');
    expect(readUploadParameters(query)?.name).toBe(`${'c'.repeat(200)}, sheet “Customers 2026”`);
  });
});

describe('an upload', () => {
  const send = (...pieces: string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(Buffer.from(piece));
        controller.close();
      },
    });
  const read = async (upload: AsyncIterable<Uint8Array>) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of upload) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  };

  test('is read piece by piece', async () => {
    expect(await read(readUpload(send('082', '123', '4567'), 10))).toBe('0821234567');
    expect(await read(readUpload(null, 0))).toBe('');
  });

  test.each([
    { what: 'ends early', body: () => send('082', '123'), bytes: 10 },
    { what: 'is longer than was said', body: () => send('082', '123'), bytes: 4 },
    {
      what: 'breaks',
      body: () => new ReadableStream({ start: (controller) => controller.error(new Error('aborted')) }),
      bytes: 10,
    },
    { what: 'falls silent', body: () => new ReadableStream({}), bytes: 10 },
  ])('that $what is none', async ({ body, bytes }) => {
    await expect(read(readUpload(body(), bytes, { silenceMs: 10, leastRate: 1 }))).rejects.toThrow(
      BrokenUploadError,
    );
  });

  describe('that comes slowly', () => {
    afterEach(() => {
      vi.useRealTimers();
    });
    const deadlines = { silenceMs: 30_000, leastRate: 8 };

    /** A sender of 100 bytes each time that it is let. */
    function setUp() {
      vi.useFakeTimers();
      let send = () => {};
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          send = () => controller.enqueue(new Uint8Array(100));
        },
      });
      return { upload: readUpload(body, 100_000, deadlines), send: () => send() };
    }

    test('is cut off though it never falls silent', async () => {
      const { upload, send } = setUp();
      for (let piece = 0; piece < 2; piece++) {
        const next = upload.next();
        await vi.advanceTimersByTimeAsync(20_000);
        send();
        expect((await next).done).toBe(false);
      }
      const last = expect(upload.next()).rejects.toThrow(BrokenUploadError);
      // 200 bytes in 40 s; at 8 a second, and a silence, they may take 55
      await vi.advanceTimersByTimeAsync(15_000);
      await last;
    });

    test('goes on at the least speed, and when it is we who do not read', async () => {
      const { upload, send } = setUp();
      for (let piece = 0; piece < 50; piece++) {
        const next = upload.next();
        await vi.advanceTimersByTimeAsync(12_000);
        send();
        expect((await next).done).toBe(false);
        await vi.advanceTimersByTimeAsync(100_000);
      }
    });
  });

  test('is drained, whatever it ends with', async () => {
    const upload = readUpload(send('082', '123', '4567'), 10);
    await upload.next();
    await drainUpload(upload);
    expect(await upload.next()).toMatchObject({ done: true });
    await drainUpload(readUpload(send('082'), 10));
  });
});
