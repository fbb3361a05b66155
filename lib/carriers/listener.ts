import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { readOn } from '@/lib/http/read-on';
import { isStopping } from '@/lib/http/stopping';
import { log } from '@/lib/log';
import { createReceiptIntake } from '@/lib/messages/receipt-intake';
import { answerMetrics } from '@/lib/metrics/exposition';
import { readReadiness } from '@/lib/metrics/readiness';
import { continueTrace } from '@/lib/metrics/tracing';
import { createReplyIntake } from '@/lib/replies/intake';
import {
  answerProblem,
  maxRequestBytes,
  refuseCarrier,
  refuseStranger,
  takeFromCarrier,
  tooLarge,
  type CarrierAnswer,
  type CarrierRequest,
} from './door';
import {
  answerKannel,
  tooLarge as kannelTooLarge,
  type KannelAnswer,
  type KannelRequest,
  type KannelTools,
} from './kannel/door';

/**
 * Longer than the 60 s for which nginx keeps a connection idle: whoever keeps it is the one to close it, and
 * never sends into one that is closing.
 */
const keepAliveMs = 75_000;
/** For all of a request to arrive; 2 MB at 67 kB a second. What is slower is 408, and sent again. */
const requestMs = 30_000;
const headersMs = 10_000;
/** How long a stop waits for the request of a connection that has brought none: it may be on its way. */
const silentMs = 500;

/** Without a carrier's secret: probes, and what has a token of its own. */
const openPaths = ['/healthz', '/readyz', '/metrics'];

type Request = FastifyRequest<{ Params: { carrier?: string } }>;

/**
 * The most that the head of a request may have, its address included. Kannel puts a reply into the address:
 * 255 parts of an SMS are 39,015 characters, at most nine bytes each once they are percent-encoded.
 */
export const maxHeadBytes = 400_000;

/** For {@link answerKannel}, which has its own way to ask for the secret. */
interface DoorConfig {
  isKannel?: boolean;
}

/** What stands behind all doors of a worker, one of each: what comes by any of them is recorded together. */
export function createDoorTools(pool: Pool): KannelTools {
  return { pool, replies: createReplyIntake(pool), receipts: createReceiptIntake(pool) };
}

/**
 * The worker's listener: the carriers' door for traffic at speed, at /carrier/:carrier/reply and …/receipt;
 * for Kannel at /carrier/:carrier/kannel/reply and …/receipt.
 */
export function createCarrierListener(
  pool: Pool,
  tools: KannelTools = createDoorTools(pool),
): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: maxRequestBytes,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, maxHeaderSize: maxHeadBytes },
    // The doors read the query themselves, as bytes.
    routerOptions: { querystringParser: () => ({}) },
    // While it closes, what comes over a connection that is open still is taken as before.
    return503OnClosing: false,
  });
  closeSilentConnections(app);

  // Bodies stay bytes: what is not UTF-8 must not be lost before it is looked at.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  // Before a body is read, on every path: also those that do not exist would read it first.
  app.addHook('onRequest', async (request: Request, reply) => {
    if (request.method === 'GET' && openPaths.includes(request.url)) return;
    const sender = readSender(request);
    if ((request.routeOptions.config as DoorConfig).isKannel) {
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      return Number(length ?? 0) > 0 || encoding !== undefined ? sendPlain(reply, kannelTooLarge) : undefined;
    }
    const refusal = request.is404
      ? ((await refuseStranger(sender)) ?? notFound)
      : await refuseCarrier(pool, { carrier: request.params.carrier ?? '', ...sender });
    if (refusal) return send(reply, refusal);
  });

  app.addHook('onRequest', (request, _reply, done) => continueTrace(request.headers, done));
  // As it is answered, not as it is asked: otherwise a connection that was asked before stays open, and holds
  // up the stop until it has been idle for long.
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping()) void reply.header('connection', 'close');
  });
  app.addHook('onResponse', async ({ raw }) => readOn(raw));

  app.get('/healthz', () => ({ status: 'up' }));
  app.get('/readyz', async (_request, reply) => {
    const { status, body } = await readReadiness(pool, app.server.listening);
    return reply.code(status).header('cache-control', 'no-store').send(body);
  });
  app.get('/metrics', async (request, reply) => {
    const { status, headers, body } = await answerMetrics(request.headers.authorization, { main: pool });
    return reply.code(status).headers(headers).send(body);
  });
  for (const kind of ['reply', 'receipt'] satisfies CarrierRequest['kind'][]) {
    app.post<{ Params: { carrier: string } }>(`/carrier/:carrier/${kind}`, async (request, reply) => {
      const answer = await takeFromCarrier(tools, {
        kind,
        carrier: request.params.carrier,
        authorization: request.headers.authorization,
        address: null,
        contentType: request.headers['content-type'],
        readBody: async () => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
      });
      return send(reply, answer);
    });
  }

  for (const kind of ['reply', 'receipt'] satisfies KannelRequest['kind'][]) {
    app.get<{ Params: { carrier: string } }>(
      `/carrier/:carrier/kannel/${kind}`,
      { config: { isKannel: true }, exposeHeadRoute: false },
      async (request, reply) => {
        const { carrier } = request.params;
        const url = request.raw.url ?? '';
        const at = url.indexOf('?');
        const query = at === -1 ? '' : url.slice(at + 1);
        return sendPlain(reply, await answerKannel(tools, { kind, carrier, query, ...readSender(request) }));
      },
    );
  }

  // Fastify's own answer repeats an error's words, which are for us.
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    // Fastify would close the connection, and the client, which is writing still, would not come to read why
    // (findings/fastify-413-is-not-heard.sh).
    if (!isStopping()) void reply.removeHeader('connection');
    if (status === 413) return send(reply, tooLarge);
    if (status < 500)
      return send(reply, answerProblem(status, 'The request could not be read', 'Send it again.'));
    log.error({ err: error }, 'A request to the listener failed');
    return send(
      reply,
      answerProblem(503, 'Not recorded', 'Nothing was recorded. Send it again in a few seconds.', {
        'retry-after': '5',
      }),
    );
  });
  return app;
}

/**
 * Closes, when the listener does, connections that have not brought a request: Node.js takes those for busy
 * until the time for their headers is over, and a stop would wait for them.
 */
function closeSilentConnections(app: FastifyInstance): void {
  const silent = new Set<Socket>();
  app.server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }) => silent.delete(socket));
  app.addHook('preClose', async () => {
    const timer = setTimeout(() => {
      for (const socket of silent) socket.destroy();
    }, silentMs);
    timer.unref();
    app.server.once('close', () => clearTimeout(timer));
  });
}

const notFound = answerProblem(404, 'Not found', 'POST to /carrier/NAME/reply or /carrier/NAME/receipt.');

function readSender(request: Request): { authorization: string | undefined; address: string } {
  return {
    authorization: request.headers.authorization,
    address: readVisitorAddress(request.headers['x-forwarded-for']?.toString() ?? null) ?? request.ip,
  };
}

function sendPlain(reply: FastifyReply, { status, headers }: KannelAnswer): FastifyReply {
  return reply.code(status).headers(headers).send('');
}

function send(reply: FastifyReply, { status, headers, body }: CarrierAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
