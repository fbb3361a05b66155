import { Client, Pool, type ClientConfig, type QueryConfig } from 'pg';

export interface Watch {
  /** Changes the text of a named statement before the server sees it. */
  rewrite?: (name: string, text: string) => string;
  /** Runs a named statement, or does not: `run` sends it and answers when the server has. */
  around?: (name: string, run: () => Promise<unknown>) => Promise<unknown>;
  /** Hears the errors of statements within transactions, also those that a retry then mends. */
  onError?: (error: Error & { code?: string }) => void;
}

/** A pool whose statements are watched on their way to the server; nothing about it is pretended. */
export function createWatchedPool(url: string, { rewrite, around, onError }: Watch, max = 10): Pool {
  class WatchedClient extends Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      const send = this.query.bind(this) as (...parameters: unknown[]) => unknown;
      const watched = (first: unknown, ...rest: unknown[]): unknown => {
        const run = () =>
          send(
            isNamed(first) && rewrite ? { ...first, text: rewrite(first.name, first.text) } : first,
            ...rest,
          );
        const answer = isNamed(first) && around ? around(first.name, () => run() as Promise<unknown>) : run();
        if (answer instanceof Promise && onError) answer.catch(onError);
        return answer;
      };
      this.query = watched as typeof this.query;
    }
  }
  const pool = new Pool({ connectionString: url, Client: WatchedClient, max });
  // The server lets go of connections that are closing when the test's database is dropped. As in
  // lib/db/client.ts, a broken connection fails its own statement and nothing else.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', () => undefined);
  return pool;
}

/**
 * A pool on which some statements say something else, to show that a test would find it.
 *
 * @returns also how often a statement was sent changed: never, where its text has moved on
 */
export function createMutatedPool(
  url: string,
  mutation: { statements: readonly string[]; replace: string | RegExp; by: string },
): { pool: Pool; countChanged: () => number } {
  let changed = 0;
  const pool = createWatchedPool(url, {
    rewrite: (name, text) => {
      if (!mutation.statements.includes(name)) return text;
      const mutated = text.replace(mutation.replace, mutation.by);
      if (mutated !== text) changed += 1;
      return mutated;
    },
  });
  return { pool, countChanged: () => changed };
}

function isNamed(query: unknown): query is QueryConfig & { name: string } {
  return typeof query === 'object' && query !== null && 'text' in query && 'name' in query;
}
