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
  /**
   * What stands between the programs and the API: answers in its place, hands on what it answers, or throws,
   * and the connection breaks.
   */
  intercept: (request: Request, proceed: () => Promise<Response>) => Promise<Response> | Response;
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
      const response = await api.intercept(request, async () => {
        const { route, response: answer } = await answerApi(request);
        api.answered.add(`${method} ${route} ${answer.status}`);
        api.faults.push(...(await findFaultsOf(route, method, answer.clone())));
        return answer;
      });
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    })().catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const api: ApiServer = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`,
    faults: [],
    answered: new Set(),
    intercept: (_, proceed) => proceed(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}
