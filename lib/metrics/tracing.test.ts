import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { json } from 'node:stream/consumers';
import { context, propagation, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCarrierListener } from '@/lib/carriers/listener';
import { env } from '@/lib/env';
import { createLog } from '@/lib/log';
import { Dispatcher } from '@/lib/messages/dispatcher';
import { receiveReplies } from '@/lib/replies/commands';
import { composeReply, createAccount, nextMsisdn } from '@/testing/factories';
import { MemoryCarrier } from '@/testing/memory-carrier';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { startTracing } from './start-tracing';
import { inSpan, isTracing } from './tracing';

/** As a collector gets it, by OTLP. */
interface Span {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  links?: { traceId: string; spanId: string }[];
  attributes: { key: string; value: object }[];
  status: { code?: number };
}
interface Sent {
  resourceSpans: { resource: { attributes: Span['attributes'] }; scopeSpans: { spans: Span[] }[] }[];
}

let db: TestDatabase;
let collector: Server;
const sent: Sent[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  collector = createServer((request, response) => {
    void json(request).then((body) => {
      sent.push(body as Sent);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
});
afterAll(async () => {
  collector.closeAllConnections();
  collector.close();
  await db.close();
});

/** What a collector gets of the work. */
async function collect(work: () => Promise<void>): Promise<Span[]> {
  const before = sent.length;
  env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
  const stop = await startTracing('worker');
  try {
    await work();
  } finally {
    await stop();
    env.OTEL_EXPORTER_OTLP_ENDPOINT = undefined;
    // other tests share this process
    for (const global of [trace, context, propagation]) global.disable();
  }
  const spans = sent.slice(before).flatMap(({ resourceSpans }) => resourceSpans);
  return spans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
}

test('a Stop is followed from the gateway’s trace to the confirmation that leaves', async () => {
  const account = await createAccount(db.pool);
  const from = nextMsisdn();
  const carrier = new MemoryCarrier();
  const incoming = '0af7651916cd43dd8448eb211c80319c';
  const spans = await collect(async () => {
    const listener = createCarrierListener(db.pool);
    const answer = await listener.inject({
      method: 'POST',
      url: '/carrier/simulator/reply',
      headers: {
        authorization: `Bearer ${env.CARRIER_SECRET}`,
        'content-type': 'application/json',
        traceparent: `00-${incoming}-b7ad6b7169203331-01`,
      },
      payload: JSON.stringify({ id: 'mo-1', from, to: account.senderNumber, text: 'Stop' }),
    });
    expect(answer.statusCode).toBe(200);
    await listener.close();
    await new Dispatcher(db.pool, carrier).dispatchBatch(account.id);
  });
  expect(carrier.messages).toHaveLength(1);

  const find = (name: string) => {
    const found = spans.filter((span) => span.name === name);
    expect(found, name).toHaveLength(1);
    return found[0] as Span;
  };
  const [reply, received, inForce] = [find('reply'), find('receive replies'), find('opt-out in force')];
  const [handOver, confirmation] = [find('hand over'), find('confirmation handed over')];
  expect(reply).toMatchObject({ traceId: incoming, parentSpanId: 'b7ad6b7169203331' });
  expect(received.links).toMatchObject([{ traceId: incoming, spanId: reply.spanId }]);
  expect(inForce.links).toMatchObject([{ traceId: incoming, spanId: reply.spanId }]);
  // in one trace, though nothing was handed from the one to the other
  expect(confirmation.traceId).toBe(inForce.traceId);
  expect(confirmation.links).toMatchObject([{ traceId: handOver.traceId, spanId: handOver.spanId }]);
  expect(JSON.stringify(spans)).not.toContain(from);
  expect(JSON.stringify(spans)).not.toContain('Stop');
});

test('one account’s trace of a number is not another’s, and replies that block nobody have none', async () => {
  const [one, other] = [await createAccount(db.pool), await createAccount(db.pool)];
  const from = nextMsisdn();
  const to = (account: { senderNumber: string | null }) => account.senderNumber as string;
  const spans = await collect(async () => {
    await receiveReplies(db.pool, [
      composeReply({ from, to: to(one), text: 'Stop' }),
      composeReply({ from, to: to(other), text: 'Stop' }),
      composeReply({ from: nextMsisdn(), to: to(one), text: 'Thank you' }),
      composeReply({ from, to: '99999', text: 'Stop' }),
    ]);
  });
  const inForce = spans.filter(({ name }) => name === 'opt-out in force');
  expect(new Set(inForce.map(({ traceId }) => traceId)).size).toBe(2);
});

test('what fails says so, and throws as before', async () => {
  const spans = await collect(async () => {
    const failing = inSpan('fails', {}, () => Promise.reject(new Error('to +27821234567')));
    await expect(failing).rejects.toThrow('27821234567');
  });
  expect(spans).toMatchObject([{ name: 'fails', status: { code: 2 } }]);
  expect(JSON.stringify(spans)).not.toContain('27821234567');
});

test('a line of the log leads to its trace', async () => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: Buffer) => lines.push(JSON.parse(line.toString()) as Record<string, unknown>);
  const log = createLog('info', new Writable({ write: (line: Buffer, _, done) => (write(line), done()) }));
  const [span] = await collect(() => inSpan('work', {}, async () => log.info({ accountId: 1 }, 'in a span')));
  log.info('in none');
  expect(lines[0]).toMatchObject({ traceId: span?.traceId, spanId: span?.spanId, accountId: 1 });
  expect(lines[1]).not.toHaveProperty('traceId');
});

test('is off unless it is told where to', async () => {
  const stop = await startTracing('web');
  expect(isTracing()).toBe(false);
  await stop();
});
