import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { WebhookClient, type ClientOptions } from '@/lib/webhooks/client';
import { makeEndpoint, type EndpointSettings } from '@/lib/webhooks/commands';
import { webhookChoices } from '@/lib/webhooks/schema';
import { WebhookSender, type SenderOptions } from '@/lib/webhooks/sender';
import type { TestAccount } from './factories';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
}

export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  /** How it answers from now on; at first with 204. */
  answer: (response: ServerResponse, request: Received) => void;
  close: () => Promise<void>;
}

/** A program of a customer that takes webhooks, on this machine. */
export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        text,
        body: JSON.parse(text) as Received['body'],
      };
      receiver.received.push(one);
      receiver.answer(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hooks`,
    port,
    received: [],
    answer: (response) => response.writeHead(204).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

const rules = { allowLoopback: true, allowHttp: true };

/** A client that may reach this machine. */
export function createTestClient(options: Partial<ClientOptions> = {}): WebhookClient {
  return new WebhookClient({ ...rules, ...options });
}

/** A sender that is not started: a test sweeps and waits itself. */
export function createSender(pool: Pool, options: SenderOptions = {}): WebhookSender {
  return new WebhookSender(pool, { client: createTestClient(), ...options });
}

/** Sends what is due, until nothing is. */
export async function sendDue(sender: WebhookSender): Promise<void> {
  await sender.sweep();
  await sender.settle();
}

/** An endpoint of the account that is told of everything, with texts and in order, unless told otherwise. */
export async function createEndpoint(
  pool: Pool,
  account: TestAccount,
  url: string,
  options: Partial<EndpointSettings> = {},
): Promise<{ id: number; secret: string }> {
  const settings = { url, events: webhookChoices, withTexts: true, inOrder: true, ...options };
  const made = await makeEndpoint(
    pool,
    account.scope,
    { ...settings, handle: randomUUID() },
    new Date(),
    rules,
  );
  if (!made.ok) throw new Error(`The endpoint was refused: ${made.message}`);
  return made;
}

/** As if so much time had passed for what an account is to be sent. */
export async function passHours(pool: Pool, account: TestAccount, hours: number): Promise<void> {
  await passSeconds(pool, account, hours * 3600);
}

/** The same, in seconds. */
export async function passSeconds(pool: Pool, account: TestAccount, seconds: number): Promise<void> {
  await setBack('webhook_delivery', ['next_attempt_at', 'created_at']);
  await setBack('webhook_endpoint', ['retry_at', 'held_until', 'failing_since', 'previous_until']);

  /** Worked out beforehand: what a day is depends on the session, and on a cluster on the machine. */
  async function setBack(table: string, columns: readonly string[]): Promise<void> {
    const earlier = columns.map((column) => `${column} - make_interval(secs => $2) as ${column}`);
    await pool.query(
      `with earlier as materialized (select id, ${earlier.join(', ')} from ${table} where account_id = $1)
       update ${table} set ${columns.map((column) => `${column} = earlier.${column}`).join(', ')}
       from earlier where ${table}.account_id = $1 and ${table}.id = earlier.id`,
      [account.id, seconds],
    );
  }
}
