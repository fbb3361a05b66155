import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/*
 * Kannel's fake network, as its own `fakesmsc` speaks it: a line for each message, both ways.
 *
 *   27831234567 30123 text Stop                   a phone writes
 *   30123 27831234567 text Our spring sale        a phone is written to
 *   30123 27831234567 ucs-2 P%5Ckb                the same, in UTF-16, percent-encoded
 *   30123 27831234567 udh %05%00%03… data Our …   a part of a long text, after its header
 */

/** What a phone got: a text, or one part of several. */
export interface ArrivedText {
  from: string;
  to: string;
  text: string;
  /** "2 of 3"; null when it is all there is. */
  part: string | null;
}

/** @returns null for what is no message */
export function readArrival(line: string): ArrivedText | null {
  const [source, target, kind, ...rest] = line.split(' ');
  if (!source || !target || !kind) return null;
  // Numbers leave with a plus; what is typed has none.
  const [from, to] = [source.replace(/^\+/, ''), target.replace(/^\+/, '')];
  if (kind === 'udh') {
    const [header = '', inner = '', ...content] = rest;
    const bytes = percentDecode(header);
    // The header for parts: its length, 0, 3, reference, how many, which; longer references are 8, 4.
    const [total, place] = [bytes.at(-2), bytes.at(-1)];
    return { from, to, text: decodeText(inner, content.join(' ')), part: `${place} of ${total}` };
  }
  return { from, to, text: decodeText(kind, rest.join(' ')), part: null };
}

function decodeText(kind: string, content: string): string {
  if (kind === 'text') return content;
  const bytes = percentDecode(content);
  if (kind === 'data') return bytes.toString('utf8');
  return new TextDecoder('utf-16be').decode(bytes);
}

/** Percent signs are bytes here, and a plus is a space. */
function percentDecode(content: string): Buffer {
  const bytes = content
    .replaceAll('+', ' ')
    .replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

/** What somebody has typed as a reply: "PHONE TEXT" answers who wrote last, "PHONE NUMBER TEXT" a number. */
export function readTypedReply(
  line: string,
  lastSenderOf: (phone: string) => string | undefined,
): { ok: true; line: string; from: string; to: string } | { ok: false; problem: string } {
  const match = /^\+?(\d{9,15})\s+(?:(\d{3,15})\s+)?(.+)$/.exec(line.trim());
  if (!match) return { ok: false, problem: 'Write a phone and a text: 27735550188 Stop' };
  const [, typed = '', number, text = ''] = match;
  const from = typed.startsWith('0') ? `27${typed.slice(1)}` : typed;
  const to = number ?? lastSenderOf(from);
  if (to === undefined) {
    return {
      ok: false,
      problem: `Nobody has written to ${from} yet. Send it a message, or name the number it writes to: ${from} 27600100201 Stop`,
    };
  }
  return { ok: true, line: `${from} ${to} text ${text}`, from, to };
}

/** The connection to Kannel's port for the fake network, made again whenever it is lost. */
export class FakeNetwork {
  private socket: Socket | null = null;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private readonly senders = new Map<string, string>();

  constructor(
    private readonly port: number,
    private readonly onArrival: (arrived: ArrivedText) => void,
  ) {
    this.call();
  }

  /** Lets a phone write; answers with what was wrong with the line, or who wrote to whom. */
  write(typed: string): ReturnType<typeof readTypedReply> {
    const reply = readTypedReply(typed, (phone) => this.senders.get(phone));
    if (!reply.ok) return reply;
    if (!this.socket?.writable) return { ok: false, problem: 'Kannel is not there just now. Try again.' };
    this.socket.write(`${reply.line}\n`);
    return reply;
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.socket?.destroy();
  }

  private call(): void {
    const socket = connect(this.port, '127.0.0.1');
    this.socket = socket;
    // 'close' follows, and calls again.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.socket = null;
      if (!this.isClosed) this.timer = setTimeout(() => this.call(), 500);
    });
    const lines = createInterface({ input: socket });
    // It hands on the socket's error, which then must be heard here, too.
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const arrived = readArrival(line);
      if (!arrived) return;
      this.senders.set(arrived.to, arrived.from);
      this.onArrival(arrived);
    });
  }
}
