import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { answerApi, findFaultsOf } from './api-client';

export interface ApiServer {
  /** "http://127.0.0.1:40123/api/v2" */
  base: string;
  /** What was answered otherwise than the description says. */
  faults: string[];
  /** Every operation that was done, as the description names it: "GET /opt-outs/{number} 200". */
  answered: Set<string>;
  /** What answers in place of the API, until it answers null. */
  intercept: (request: Request) => Promise<Response | null> | Response | null;
  close: () => Promise<void>;
}

/** The API behind HTTP, as programs meet it: its handlers, with every answer held to the description. */
export async function startApiServer(): Promise<ApiServer> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const method = incoming.method ?? 'GET';
      const hasBody = method === 'POST' || method === 'PUT' || method === 'PATCH';
      const request = new Request(`http://localhost${incoming.url}`, {
        method,
        headers: incoming.headers as Record<string, string>,
        ...(hasBody && { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }),
      });
      let response = await api.intercept(request);
      if (!response) {
        const done = await answerApi(request);
        response = done.response;
        api.answered.add(`${method} ${done.route} ${response.status}`);
        api.faults.push(...(await findFaultsOf(done.route, method, response.clone())));
      }
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    })().catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: ApiServer = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`,
    faults: [],
    answered: new Set(),
    intercept: () => null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}
