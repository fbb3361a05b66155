import { Client } from 'pg';
import { sessionUrl } from '@/lib/db/session-url';

/** Gives `work` a connection of its own, of no pool, and closes it afterwards. */
export async function withClient<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: sessionUrl(url) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
