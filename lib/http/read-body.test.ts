import { expect, test } from 'vitest';
import { readBody } from './read-body';

/** A request whose body comes in these pieces; counts how many were asked for. */
function createRequest(pieces: readonly Uint8Array[], headers: Record<string, string> = {}) {
  let asked = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[asked++];
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  const request = new Request('http://localhost/', {
    method: 'POST',
    body,
    headers,
    duplex: 'half',
  } as RequestInit);
  return { request, countAsked: () => asked };
}

const piece = (size: number, byte = 65) => new Uint8Array(size).fill(byte);

test('a body is put together byte for byte', async () => {
  const { request } = createRequest([piece(2, 0xff), piece(1, 0), piece(2, 0x80)]);
  expect(await readBody(request, 5)).toEqual(Buffer.from([0xff, 0xff, 0, 0x80, 0x80]));
});

test('a body larger than the limit is not read to its end', async () => {
  const { request, countAsked } = createRequest(Array.from({ length: 100 }, () => piece(10)));
  expect(await readBody(request, 25)).toBeNull();
  expect(countAsked()).toBeLessThan(10);
});

test('a body that says it is larger is not read at all', async () => {
  const { request, countAsked } = createRequest([piece(10)], { 'content-length': '1000' });
  expect(await readBody(request, 25)).toBeNull();
  expect(countAsked()).toBe(0);
});

test('no body is an empty one', async () => {
  expect(await readBody(new Request('http://localhost/', { method: 'POST' }), 10)).toEqual(Buffer.alloc(0));
});
