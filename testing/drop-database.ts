import { withClient } from '@/lib/db/with-client';

const triesAtMost = 5;

/**
 * Drops a database of a server, whoever is connected to it: a listener, or a process that a test killed, may
 * not have let go yet. A cluster's own connections come back at once when they are ended, so that there it
 * may take a few tries.
 *
 * @param serverUrl of another database of the server
 */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await withClient(serverUrl, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== '55006' || attempt === triesAtMost) throw error;
    }
  }
}
