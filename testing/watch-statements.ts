import { Client } from 'pg';
import { vi } from 'vitest';

/** The statements, without their values, that this process sends to the database meanwhile. */
export async function watchStatements(work: () => Promise<unknown>): Promise<string[]> {
  const query = vi.spyOn(Client.prototype, 'query');
  try {
    await work();
    return query.mock.calls.map(([first]: unknown[]) =>
      typeof first === 'string' ? first : (first as { text: string }).text,
    );
  } finally {
    query.mockRestore();
  }
}
