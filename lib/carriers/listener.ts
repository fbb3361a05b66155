import Fastify, { type FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { createReplyIntake } from '@/lib/replies/intake';
import { answerCarrier, maxRequestBytes, type CarrierRequest } from './door';

/** The worker's listener: the carriers' door for traffic at speed, at /carrier/:carrier/reply and …/receipt. */
export function createCarrierListener(pool: Pool): FastifyInstance {
  const app = Fastify({ bodyLimit: maxRequestBytes, logger: false });
  const intake = createReplyIntake(pool);

  // Bodies stay bytes: what is not UTF-8 must not be lost before it is looked at.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.get('/healthz', () => ({ status: 'up' }));
  for (const kind of ['reply', 'receipt'] satisfies CarrierRequest['kind'][]) {
    app.post<{ Params: { carrier: string } }>(`/carrier/:carrier/${kind}`, async (request, reply) => {
      const answer = await answerCarrier(
        { pool, intake },
        {
          kind,
          carrier: request.params.carrier,
          authorization: request.headers.authorization,
          contentType: request.headers['content-type'],
          readBody: async () => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)),
        },
      );
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    });
  }
  return app;
}
