import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { BoxReader } from '@/lib/carriers/kannel/box-messages';

const kindOfAck = 3;

/**
 * Stands between bearerbox and its boxes: hands on all bytes as they are, and notes which replies were
 * acknowledged.
 */
export class BoxGoBetween {
  /** Replies that a box took, by Kannel's id, with the moment in which its acknowledgement was here. */
  readonly acknowledged = new Map<string, { from: string; at: number }>();
  /** Kannel's id of each reply that it offered to a box, as often as it did, by who wrote it. */
  readonly offers = new Map<string, string[]>();
  /** `smsbox-port` of the Kannel behind it. */
  boxPort = 0;

  private readonly senders = new Map<string, string>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly port: number,
  ) {
    server.on('connection', (box) => this.handOn(box));
  }

  static async start(): Promise<BoxGoBetween> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BoxGoBetween(server, (server.address() as AddressInfo).port);
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private handOn(box: Socket): void {
    const bearerbox = connect({ host: '127.0.0.1', port: this.boxPort, noDelay: true });
    const reader = new BoxReader();
    bearerbox.on('data', (chunk) => {
      for (const message of reader.read(chunk)) {
        if (message.kind !== 'sms' || message.sms.isReceipt) continue;
        const { id } = message.sms;
        const from = message.sms.sender.replace('+', '');
        this.senders.set(id, from);
        this.offers.set(from, [...(this.offers.get(from) ?? []), id]);
      }
    });
    let rest: Buffer = Buffer.alloc(0);
    box.on('data', (chunk) => {
      rest = this.note(Buffer.concat([rest, chunk]));
    });
    bearerbox.pipe(box);
    box.pipe(bearerbox);
    for (const [socket, other] of [
      [box, bearerbox],
      [bearerbox, box],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => this.sockets.delete(socket));
    }
  }

  /** Answers with what is no whole message yet. */
  private note(bytes: Buffer): Buffer {
    let at = 0;
    while (bytes.length - at >= 4 && bytes.length - at - 4 >= bytes.readInt32BE(at)) {
      const body = bytes.subarray(at + 4, at + 4 + bytes.readInt32BE(at));
      at += 4 + body.length;
      if (body.readInt32BE(0) !== kindOfAck) continue;
      const id = body.toString('latin1', 16);
      const from = this.senders.get(id);
      if (from !== undefined && !this.acknowledged.has(id))
        this.acknowledged.set(id, { from, at: Date.now() });
    }
    return bytes.subarray(at);
  }
}
