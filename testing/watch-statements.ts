import { Client } from 'pg';
import { vi } from 'vitest';
import { composeTexts, idsAreNew, serverQuestion } from '@/lib/db/one-server';
import { isHeld } from './test-database';

/**
 * The statements, without their values, that this process sends meanwhile to databases of this test file.
 * Nobody can say when a pool opens a connection: what it asks of a new one is left out, and so is what it
 * sends to a new one alone.
 */
export async function watchStatements(work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(Client.prototype, 'query');
  try {
    await work();
    const isOurs = query.mock.contexts.map((client) => isHeld((client as { database?: string }).database));
    return query.mock.calls
      .filter((_, index) => isOurs[index])
      .map(([first]: unknown[]) => (typeof first === 'string' ? first : (first as { text: string }).text))
      .filter((text) => text !== serverQuestion)
      .map((text) => text.replaceAll(composeTexts(idsAreNew).anywhere, ''));
  } finally {
    query.mockRestore();
  }
}

/**
 * Does `work` once, between two statements of this process: when the database has answered the first one like
 * `pattern`, and before its sender hears of it. One at a time; `work` may ask for the next.
 */
export function doAfterStatement(pattern: RegExp, work: () => Promise<unknown>): void {
  const send = Client.prototype.query as (...parameters: unknown[]) => unknown;
  let isDone = false;
  const query = vi.spyOn(Client.prototype, 'query');
  const sendAndWork = async (client: Client, parameters: unknown[]): Promise<unknown> => {
    const answer = await send.apply(client, parameters);
    const first = parameters[0] as string | { text?: string };
    if (!isDone && pattern.test(typeof first === 'string' ? first : (first.text ?? ''))) {
      isDone = true;
      query.mockRestore();
      await work();
    }
    return answer;
  };
  query.mockImplementation(function (this: Client, ...parameters: unknown[]) {
    return sendAndWork(this, parameters) as never;
  });
}
