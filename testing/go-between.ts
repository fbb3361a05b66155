import { once } from 'node:events';
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

/**
 * What stands between Kannel and workers, as a balancer does: hands requests on to a worker that is there, by
 * turns, notes what was acknowledged, and can lose answers.
 */
export class GoBetween {
  /** Whether the answer to this request is lost: the worker has committed, and Kannel asks again. */
  losesAnswer: (place: number) => boolean = () => false;
  handedOn = 0;
  /** Replies that a worker took, by Kannel's id, with the moment in which its answer was read. */
  readonly acknowledged = new Map<string, { from: string; at: number }>();
  /**
   * What a worker answered to each request with a reply, by the number that it is from; null: not yet, or it
   * went away.
   */
  readonly answers = new Map<string, (number | null)[]>();
  /** Receipts that a worker took. */
  receipts = 0;
  /** Ports of workers. */
  workers: number[] = [];

  private turn = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('request', (incoming: IncomingMessage, answer: ServerResponse) => {
      this.handedOn += 1;
      const place = this.handedOn;
      void this.handOn(incoming, answer, place);
    });
  }

  static async start(...workers: number[]): Promise<GoBetween> {
    const server = createServer({ maxHeaderSize: 400_000 }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The go-between has no port.');
    const goBetween = new GoBetween(server, address.port);
    goBetween.workers = workers;
    return goBetween;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handOn(incoming: IncomingMessage, answer: ServerResponse, place: number): Promise<void> {
    for (let tries = 0; tries < this.workers.length; tries++) {
      const port = this.workers[(this.turn += 1) % this.workers.length] as number;
      const status = await this.ask(port, incoming);
      if (status === null) continue;
      this.note(incoming.url ?? '', status);
      if (this.losesAnswer(place)) incoming.socket.destroy();
      else answer.writeHead(status, { 'content-type': 'text/plain' }).end();
      return;
    }
    answer.writeHead(502, { 'content-type': 'text/plain' }).end();
  }

  /** The worker's answer; null when it is not there, or went away before it answered. */
  private async ask(port: number, incoming: IncomingMessage): Promise<number | null> {
    const url = incoming.url ?? '';
    if (url.includes('/receipt')) return this.request(port, incoming);
    const { from } = readReply(url);
    const answers = this.answers.get(from) ?? [];
    this.answers.set(from, answers);
    const place = answers.push(null) - 1;
    const status = await this.request(port, incoming);
    answers[place] = status;
    return status;
  }

  private request(port: number, { url, headers }: IncomingMessage): Promise<number | null> {
    return new Promise((resolve) => {
      const { authorization } = headers;
      request(
        { host: '127.0.0.1', port, path: url, agent: this.agent, headers: { authorization } },
        (response) => {
          response.resume();
          response.on('end', () => resolve(response.statusCode ?? null));
          response.on('error', () => resolve(null));
        },
      )
        .on('error', () => resolve(null))
        .end();
    });
  }

  private note(url: string, status: number): void {
    if (status !== 200) return;
    if (url.includes('/receipt')) {
      this.receipts += 1;
      return;
    }
    const { id, from } = readReply(url);
    if (this.acknowledged.has(id)) return;
    this.acknowledged.set(id, { from, at: Date.now() });
  }
}

function readReply(url: string): { id: string; from: string } {
  const fields = new URL(url, 'http://kannel').searchParams;
  return { id: fields.get('id') ?? '', from: (fields.get('from') ?? '').replace('+', '') };
}
