import http, { type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the service does with one call. */
type Answer = { status: number; body: string } | ((response: ServerResponse, query: URLSearchParams) => void);

export const accepted = { status: 202, body: '0: Accepted for delivery' };

/** Kannel's sendsms service, as far as a caller can tell: it answers what it is told to. */
export class FakeSendsms {
  readonly calls: URLSearchParams[] = [];
  connections = 0;
  /** The most calls that were open at a time. */
  mostOpen = 0;
  private open = 0;

  private constructor(
    private readonly server: http.Server,
    readonly address: string,
  ) {}

  static async start(answer: (query: URLSearchParams) => Answer = () => accepted): Promise<FakeSendsms> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const service = new FakeSendsms(server, `http://127.0.0.1:${port}/cgi-bin/sendsms`);
    server.on('connection', () => (service.connections += 1));
    server.on('request', (request, response) => {
      const query = new URL(request.url ?? '', 'http://localhost').searchParams;
      service.calls.push(query);
      service.open += 1;
      service.mostOpen = Math.max(service.mostOpen, service.open);
      response.on('close', () => (service.open -= 1));
      const given = answer(query);
      if (typeof given === 'function') given(response, query);
      else response.writeHead(given.status, { 'content-type': 'text/html' }).end(given.body);
    });
    return service;
  }

  /** Who was called, in order: E.164 digits. */
  get recipients(): string[] {
    return this.calls.map((query) => (query.get('to') ?? '').replace('+', ''));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
