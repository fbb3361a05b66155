import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { log } from '@/lib/log';
import { createReplyIntake } from '@/lib/replies/intake';
import {
  answerProblem,
  maxRequestBytes,
  refuseCarrier,
  refuseStranger,
  takeFromCarrier,
  type CarrierAnswer,
  type CarrierRequest,
} from './door';

type Request = FastifyRequest<{ Params: { carrier?: string } }>;

/**
 * The worker's listener: the carriers' door for traffic at speed, at /carrier/:carrier/reply and …/receipt.
 */
export function createCarrierListener(pool: Pool): FastifyInstance {
  const app = Fastify({ bodyLimit: maxRequestBytes, logger: false });
  const intake = createReplyIntake(pool);

  // Bodies stay bytes: what is not UTF-8 must not be lost before it is looked at.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  // Before a body is read, on every path: also those that do not exist would read it first.
  app.addHook('onRequest', async (request: Request, reply) => {
    if (request.method === 'GET' && request.url === '/healthz') return;
    const sender = {
      authorization: request.headers.authorization,
      address: readVisitorAddress(request.headers['x-forwarded-for']?.toString() ?? null) ?? request.ip,
    };
    const refusal = request.is404
      ? ((await refuseStranger(sender)) ?? notFound)
      : await refuseCarrier(pool, { carrier: request.params.carrier ?? '', ...sender });
    if (refusal) return send(reply, refusal);
  });

  app.get('/healthz', () => ({ status: 'up' }));
  for (const kind of ['reply', 'receipt'] satisfies CarrierRequest['kind'][]) {
    app.post<{ Params: { carrier: string } }>(`/carrier/:carrier/${kind}`, async (request, reply) => {
      const answer = await takeFromCarrier(
        { pool, intake },
        {
          kind,
          carrier: request.params.carrier,
          authorization: request.headers.authorization,
          address: null,
          contentType: request.headers['content-type'],
          readBody: async () => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
        },
      );
      return send(reply, answer);
    });
  }

  // Fastify's own answer repeats an error's words, which are for us.
  app.setErrorHandler((error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413) return send(reply, answerTooLarge());
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

const notFound = answerProblem(404, 'Not found', 'POST to /carrier/NAME/reply or /carrier/NAME/receipt.', {
  connection: 'close',
});

function answerTooLarge(): CarrierAnswer {
  return answerProblem(413, 'Too large', `Send at most ${maxRequestBytes} bytes.`, { connection: 'close' });
}

function send(reply: FastifyReply, { status, headers, body }: CarrierAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body);
}
