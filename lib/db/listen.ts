import { Client, type Notification } from 'pg';
import { sessionUrl } from '@/lib/db/session-url';
import { log } from '@/lib/log';

/**
 * `notification`: somebody called `pg_notify`. `resync`: listening has begun, or begun again after the
 * connection was lost; what was said before is unknown, so look at the data itself.
 */
export type ChannelEvent = { type: 'notification'; payload: string } | { type: 'resync' };
export type ChannelHandler = (event: ChannelEvent) => void;

export interface Listener {
  /** Calls `handler` for every event of a channel until the answer is called. */
  on(channel: string, handler: ChannelHandler): () => void;
  close(): Promise<void>;
}

export interface ListenerOptions {
  /** The pause before the first new attempt to connect; doubled each time, up to 5 s. */
  retryDelayMs?: number;
  /** How often a silent connection is asked whether it still lives. */
  pingIntervalMs?: number;
}

/**
 * Listens to PostgreSQL's notifications on one connection of its own, however many handlers there are, and
 * connects again whenever that connection is lost.
 */
export function createListener(url: string, options: ListenerOptions = {}): Listener {
  const { retryDelayMs = 250, pingIntervalMs = 15_000 } = options;
  const handlers = new Map<string, Set<ChannelHandler>>();
  let client: Client | null = null;
  let connected = false;
  let closed = false;
  let failures = 0;
  let lastAnswer: Promise<unknown> = Promise.resolve();
  let retryTimer: NodeJS.Timeout | undefined;
  let pingTimer: NodeJS.Timeout | undefined;

  function emit(channel: string, event: ChannelEvent): void {
    for (const handler of handlers.get(channel) ?? []) {
      try {
        handler(event);
      } catch (error) {
        log.error({ err: error, channel }, 'A handler of a notification failed');
      }
    }
  }

  /** One after the other: a client that is asked while it answers is to refuse that in its next version. */
  function ask(connection: Client, sql: string): Promise<unknown> {
    const answer = lastAnswer.then(() => connection.query(sql));
    lastAnswer = answer.catch(() => undefined);
    return answer;
  }

  async function listen(connection: Client, channel: string): Promise<void> {
    const listening = handlers.get(channel);
    await ask(connection, `LISTEN ${connection.escapeIdentifier(channel)}`);
    // All left and others came meanwhile: UNLISTEN comes next, and only the LISTEN behind it is theirs.
    if (handlers.get(channel) !== listening) return;
    emit(channel, { type: 'resync' });
  }

  async function connect(): Promise<void> {
    const connection = new Client({
      connectionString: sessionUrl(url),
      application_name: 'client-zone listener',
      keepAlive: true,
    });
    connection.on('notification', ({ channel, payload = '' }: Notification) => {
      emit(channel, { type: 'notification', payload });
    });
    connection.on('error', (error) => lose(connection, error));
    connection.on('end', () => lose(connection));
    client = connection;
    // What the connection before is still asked concerns nobody.
    lastAnswer = Promise.resolve();
    try {
      await connection.connect();
      for (const channel of handlers.keys()) await listen(connection, channel);
      connected = true;
      failures = 0;
      // A connection whose other end vanished without a word (a pulled cable) is only noticed by talking.
      pingTimer = setInterval(() => void ping(connection), pingIntervalMs);
    } catch (error) {
      lose(connection, error);
    }
  }

  async function ping(connection: Client): Promise<void> {
    const timer = setTimeout(() => lose(connection, new Error('No answer to a ping')), pingIntervalMs);
    try {
      await ask(connection, 'SELECT 1');
    } catch (error) {
      lose(connection, error);
    } finally {
      clearTimeout(timer);
    }
  }

  function lose(connection: Client, error?: unknown): void {
    if (closed || client !== connection) return;
    client = null;
    connected = false;
    clearInterval(pingTimer);
    void connection.end().catch(() => undefined);
    const delayMs = Math.min(retryDelayMs * 2 ** failures++, 5000);
    log.warn({ err: error, delayMs }, 'The connection for notifications was lost; connecting again');
    retryTimer = setTimeout(() => void connect(), delayMs);
  }

  void connect();

  /**
   * Says LISTEN or UNLISTEN on the live connection; while there is none, connect() does it for every channel.
   */
  function say(change: (connection: Client) => Promise<unknown>): void {
    const connection = client;
    if (connection && connected) change(connection).catch((error: unknown) => lose(connection, error));
  }

  return {
    on(channel, handler) {
      const known = handlers.get(channel);
      if (known) {
        known.add(handler);
      } else {
        handlers.set(channel, new Set([handler]));
        say((connection) => listen(connection, channel));
      }
      return () => {
        const remaining = handlers.get(channel);
        if (!remaining?.delete(handler) || remaining.size > 0) return;
        handlers.delete(channel);
        say((connection) => ask(connection, `UNLISTEN ${connection.escapeIdentifier(channel)}`));
      };
    },
    async close() {
      closed = true;
      clearTimeout(retryTimer);
      clearInterval(pingTimer);
      await client?.end();
    },
  };
}
