import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

/*
 * A network for tests: an SMS centre that speaks SMPP 3.4, as operators' do, to Kannel's bearerbox. Phones
 * are what it was handed; what a test says, it does: take, refuse, throttle, hang, close, be slow.
 */

const command = {
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  submit: 0x04,
  deliver: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  enquireLink: 0x15,
} as const;
const responseBit = 0x80000000;
const headerBytes = 16;

/** What a phone is sent: one part of a text. */
export interface NetworkPart {
  /** The network's own id of it, as in its receipt. */
  id: string;
  from: string;
  to: string;
  /** SMPP's data_coding: 0 is the GSM alphabet, one septet in a byte; 8 is UCS-2. */
  coding: number;
  /** The header that joins parts; null when the text is one part. */
  header: Buffer | null;
  /** Without the header. */
  octets: Buffer;
  /** Whether a receipt was asked for. */
  wantsReceipt: boolean;
  /** When it arrived, by `performance.now()`. */
  at: number;
}

/** What a phone writes. */
export interface PhoneReply {
  from: string;
  to: string;
  /** SMPP's data_coding. */
  coding?: number;
  octets: Buffer;
  header?: Buffer;
}

/** What becomes of a message that is handed over. */
export type NetworkAnswer =
  | 'take'
  /** Refused for good: ESME_RSUBMITFAIL. */
  | 'refuse'
  /** "Slower": ESME_RTHROTTLED. */
  | 'throttle'
  /** No answer at all. */
  | 'hang'
  /** The message is taken, and the link is lost before the answer. */
  | 'close';

const status: Record<'take' | 'refuse' | 'throttle', number> = { take: 0, refuse: 0x45, throttle: 0x58 };

interface Link {
  socket: Socket;
  /** Whether replies and receipts may go by it. */
  receives: boolean;
  /** What waits for Kannel's word on it, by its number. */
  waiting: Map<number, (answer: HandOver) => void>;
}

/** What became of a reply or a receipt; unanswered: the link was lost, and Kannel may have kept it. */
type HandOver = 'taken' | 'refused' | 'unanswered';

export class SmppNetwork {
  /** All that phones got, in their order. */
  readonly parts: NetworkPart[] = [];
  /** What it refused for good. */
  readonly refused: NetworkPart[] = [];
  /** What becomes of the next messages. */
  answer: (part: NetworkPart) => NetworkAnswer = () => 'take';
  /** How long it thinks before it answers. */
  answerDelayMs = 0;
  /** Until this resolves it answers no message, and keeps those it was handed; null: at once. */
  until: Promise<void> | null = null;
  /** The receipt that a part gets: SMPP's `stat`; null for none. */
  receipt: (part: NetworkPart) => string | null = () => 'DELIVRD';
  /** How many replies and receipts Kannel has acknowledged. */
  acknowledged = 0;
  /**
   * How many replies were handed over again because their link was lost before Kannel answered. Kannel may
   * have kept the first as well: it then has both, each with an id of its own.
   */
  perhapsTwice = 0;
  /** How many of each answer it gave. */
  readonly answers = new Map<NetworkAnswer, number>();

  private readonly expected = new Map<string, (part: NetworkPart) => void>();
  private readonly links = new Set<Link>();
  private sequence = 0;
  private serial = 0;
  private turn = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {
    server.on('connection', (socket) => this.welcome(socket));
  }

  static async start(port = 0): Promise<SmppNetwork> {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('The network has no port.');
    return new SmppNetwork(server, address.port);
  }

  /** Whether Kannel is there to take replies. */
  get isBound(): boolean {
    return [...this.links].some(({ receives }) => receives);
  }

  /** Loses every link, as a network that is restarted does; Kannel comes again. */
  dropLinks(): void {
    for (const { socket } of this.links) socket.destroy();
  }

  async close(): Promise<void> {
    this.dropLinks();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /**
   * Hands replies over until Kannel has taken each: what a lost link leaves unanswered, or Kannel refuses, is
   * handed over again.
   *
   * @param width how many may be unanswered at a time
   * @param onTaken called for each when Kannel has taken it
   */
  async deliver(
    replies: readonly PhoneReply[],
    width = 100,
    onTaken: (reply: PhoneReply) => void = () => undefined,
  ): Promise<void> {
    const rest = [...replies].reverse();
    await Promise.all(
      Array.from({ length: Math.min(width, rest.length) }, async () => {
        for (let reply = rest.pop(); reply !== undefined; reply = rest.pop()) {
          const body = composeReplyBody(reply);
          for (
            let answer = await this.handOver(body);
            answer !== 'taken';
            answer = await this.handOver(body)
          ) {
            if (answer === 'unanswered') this.perhapsTwice += 1;
            await delay(20);
          }
          onTaken(reply);
        }
      }),
    );
  }

  /** The next part that a phone gets. */
  waitForPart(to: string): Promise<NetworkPart> {
    return new Promise((resolve) => this.expected.set(to, resolve));
  }

  private async handOver(body: Buffer): Promise<HandOver> {
    const links = [...this.links].filter(({ receives }) => receives);
    const link = links[(this.turn += 1) % Math.max(links.length, 1)];
    if (!link) return 'refused';
    const sequence = (this.sequence = (this.sequence % 0x7ffffffe) + 1);
    return new Promise((resolve) => {
      link.waiting.set(sequence, (answer) => {
        link.waiting.delete(sequence);
        if (answer === 'taken') this.acknowledged += 1;
        resolve(answer);
      });
      link.socket.write(composePdu(command.deliver, 0, sequence, body));
    });
  }

  private welcome(socket: Socket): void {
    const link: Link = { socket, receives: false, waiting: new Map() };
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.links.delete(link);
      for (const settle of link.waiting.values()) settle('unanswered');
    });
    this.links.add(link);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      while (rest.length - at >= headerBytes) {
        const length = rest.readUInt32BE(at);
        if (rest.length - at < length) break;
        this.take(link, rest.subarray(at, at + length));
        at += length;
      }
      rest = rest.subarray(at);
    });
  }

  private take(link: Link, pdu: Buffer): void {
    const id = pdu.readUInt32BE(4);
    const sequence = pdu.readUInt32BE(12);
    const body = pdu.subarray(headerBytes);
    const respond = (code: number, content: Buffer = Buffer.alloc(0)) =>
      link.socket.write(composePdu((id | responseBit) >>> 0, code, sequence, content));
    switch (id) {
      case command.bindReceiver:
      case command.bindTransceiver:
      case command.bindTransmitter:
        link.receives = id !== command.bindTransmitter;
        respond(0, Buffer.from('network\0'));
        return;
      case command.submit:
        void this.takePart(link, body, respond);
        return;
      case command.enquireLink:
        respond(0);
        return;
      case command.unbind:
        link.receives = false;
        respond(0);
        return;
      case (command.deliver | responseBit) >>> 0: {
        link.waiting.get(sequence)?.(pdu.readUInt32BE(8) === 0 ? 'taken' : 'refused');
        return;
      }
      default:
    }
  }

  private async takePart(
    link: Link,
    body: Buffer,
    respond: (code: number, content?: Buffer) => void,
  ): Promise<void> {
    const part = { id: String((this.serial += 1)), at: performance.now(), ...readSubmit(body) };
    const answer = this.answer(part);
    this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    if (answer === 'refuse') this.refused.push(part);
    if (answer === 'take' || answer === 'close') {
      this.parts.push(part);
      this.expected.get(part.to)?.(part);
      this.expected.delete(part.to);
    }
    if (this.answerDelayMs > 0) await delay(this.answerDelayMs);
    if (this.until !== null) await this.until;
    if (answer === 'hang') return;
    if (answer === 'close') return void link.socket.destroy();
    respond(status[answer], Buffer.from(answer === 'take' ? `${part.id}\0` : ''));
    const stat = answer === 'take' && part.wantsReceipt ? this.receipt(part) : null;
    if (stat !== null) {
      const receipt = composeReceiptBody(part, stat);
      while ((await this.handOver(receipt)) !== 'taken' && this.server.listening) await delay(50);
    }
  }
}

function composePdu(id: number, code: number, sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(headerBytes + body.length, 0);
  header.writeUInt32BE(id, 4);
  header.writeUInt32BE(code, 8);
  header.writeUInt32BE(sequence, 12);
  return Buffer.concat([header, body]);
}

/** The body of `deliver_sm`. */
function composeDeliver(parts: {
  from: string;
  to: string;
  kind: number;
  coding: number;
  octets: Buffer;
}): Buffer {
  const { from, to, kind, coding, octets } = parts;
  // Alphanumeric, national or international.
  const form = /\D/.test(from) ? 5 : from.startsWith('0') ? 2 : 1;
  return Buffer.concat([
    Buffer.from([0, form, 1]),
    Buffer.from(`${from}\0\x00\x01${to}\0`),
    Buffer.from([kind, 0, 0, 0, 0, 0, 0, coding, 0, octets.length]),
    octets,
  ]);
}

function composeReplyBody({ from, to, coding = 0, octets, header }: PhoneReply): Buffer {
  return composeDeliver({
    from,
    to,
    // Says that the text begins with a header.
    kind: header ? 0x40 : 0,
    coding,
    octets: header ? Buffer.concat([header, octets]) : octets,
  });
}

function composeReceiptBody({ id, from, to }: NetworkPart, stat: string): Buffer {
  const failed = stat === 'DELIVRD' ? '000' : '001';
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611290900 done date:2611290900 stat:${stat} err:${failed} text:`;
  return composeDeliver({ from: to, to: from, kind: 0x04, coding: 0, octets: Buffer.from(text) });
}

/** What is read of `submit_sm`. */
function readSubmit(body: Buffer): Omit<NetworkPart, 'id' | 'at'> {
  let at = 0;
  const readText = () => {
    const end = body.indexOf(0, at);
    const text = body.toString('latin1', at, end);
    at = end + 1;
    return text;
  };
  const readByte = () => body.readUInt8(at++);
  readText();
  at += 2;
  const from = readText();
  at += 2;
  const to = readText();
  const kind = readByte();
  at += 2;
  readText();
  readText();
  const wantsReceipt = (readByte() & 0x03) !== 0;
  at += 1;
  const coding = readByte();
  at += 1;
  const length = readByte();
  const content = body.subarray(at, at + length);
  const hasHeader = (kind & 0x40) !== 0;
  const headerLength = hasHeader ? content.readUInt8(0) + 1 : 0;
  return {
    from,
    to,
    coding,
    header: hasHeader ? Buffer.from(content.subarray(0, headerLength)) : null,
    octets: Buffer.from(content.subarray(headerLength)),
    wantsReceipt,
  };
}

// 3GPP TS 23.038, written down here a second time: what the product believes of it is what is tested.
const alphabet =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const escape = 0x1b;
const extension = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

/**
 * What a phone shows of the parts of one text, whatever their order: it joins what they hold, and decodes
 * that. Throws for a coding that nothing of ours uses.
 */
export function joinParts(parts: readonly NetworkPart[]): string {
  const place = ({ header }: NetworkPart) => header?.at(-1) ?? 1;
  const ordered = [...parts].sort((one, other) => place(one) - place(other));
  const coding = ordered[0]?.coding;
  if (ordered.some((part) => part.coding !== coding)) throw new Error('The parts have different codings.');
  if (coding === 8) {
    const wide = new TextDecoder('utf-16be');
    return wide.decode(Buffer.concat(ordered.map(({ octets }) => octets)));
  }
  if (coding !== 0) throw new Error(`A part has coding ${coding}.`);
  // An escape is not carried into the next part.
  return ordered.map(({ octets }) => decodeGsm(octets)).join('');
}

function decodeGsm(octets: Buffer): string {
  let text = '';
  let isEscaped = false;
  for (const octet of octets) {
    if (octet === escape && !isEscaped) isEscaped = true;
    else {
      text += (isEscaped ? extension.get(octet) : alphabet[octet]) ?? '\ufffd';
      isEscaped = false;
    }
  }
  return isEscaped ? `${text}\ufffd` : text;
}

/** A reply's bytes in the GSM alphabet; throws for what it lacks. */
export function encodeGsm(text: string): Buffer {
  const bytes = [...text].flatMap((character) => {
    const septet = alphabet.indexOf(character);
    if (septet >= 0) return [septet];
    const [extended] = [...extension].find(([, other]) => other === character) ?? [];
    if (extended === undefined) throw new Error(`The GSM alphabet lacks "${character}".`);
    return [escape, extended];
  });
  return Buffer.from(bytes);
}

/** A reply's bytes in UCS-2. */
export function encodeUcs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}
