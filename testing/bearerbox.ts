import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

interface Connection {
  socket: Socket;
  /** What the box said, as kinds and ids: "box client-zone", "ack a". */
  said: string[];
  isOver: boolean;
}

/** Bearerbox, as far as a box sees it. */
export class Bearerbox {
  readonly connections: Connection[] = [];

  private constructor(
    readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (socket) => this.hear(socket));
  }

  static async start(): Promise<Bearerbox> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Bearerbox(server, (server.address() as AddressInfo).port);
  }

  private hear(socket: Socket): void {
    const connection: Connection = { socket, said: [], isOver: false };
    this.connections.push(connection);
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const body = rest.subarray(4, 4 + rest.readInt32BE(0));
        rest = rest.subarray(4 + body.length);
        const kind = body.readInt32BE(0);
        if (kind === 1) connection.said.push(`box ${body.toString('latin1', 12)}`);
        if (kind === 3) connection.said.push(`ack ${body.toString('latin1', 16)}`);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (connection.isOver = true));
  }

  async stop(): Promise<void> {
    for (const { socket } of this.connections) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
