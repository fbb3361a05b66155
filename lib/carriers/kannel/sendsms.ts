import http from 'node:http';
import https from 'node:https';
import { measureText } from '@/lib/sms/segments';

/** One message as Kannel's sendsms service takes it. */
export interface SendsmsMessage {
  /** E.164 digits. */
  msisdn: string;
  senderNumber: string;
  text: string;
  /** Where Kannel reports what becomes of it, with Kannel's escapes in it. */
  receiptUrl: string;
  /** It goes ahead of others that wait in Kannel. */
  isUrgent?: boolean;
}

/** What came of one call. */
export type SendsmsOutcome =
  /** Accepted, or queued at the gateway, which sends it once its network is there again. */
  | { outcome: 'taken'; isQueued: boolean }
  /** For good, in words for people. */
  | { outcome: 'refused'; reason: string }
  | { outcome: 'busy'; reason: string }
  /** Nothing was written: the gateway cannot be reached. */
  | { outcome: 'away'; reason: string }
  /** It is not this message that is wrong, but what we call the gateway with. */
  | { outcome: 'configuration'; reason: string }
  /** It was written, and nobody knows what came of it. */
  | { outcome: 'doubt'; reason: string };

/** Delivered, failed, buffered, accepted and refused by the network. */
const allReceipts = '31';

/** Of an answer; Kannel's are a line. */
const maxAnswerBytes = 4_096;

/** A free connection is closed after this, well before Kannel does it while a call is on its way. */
const idleMs = 5_000;

/**
 * The query of one call. The coding is ours: left to Kannel, a text leaves as UCS-2 bytes of something else,
 * or loses what GSM 03.38 lacks. It is the very coding that the message's credits were counted by.
 */
export function composeQuery(
  { username, password }: { username: string; password: string },
  { msisdn, senderNumber, text, receiptUrl, isUrgent = false }: SendsmsMessage,
): string {
  const query = {
    username,
    password,
    // A plain "+" would be a space, and without one a number would be of this country only.
    from: senderNumber.length > 8 && /^\d+$/.test(senderNumber) ? `+${senderNumber}` : senderNumber,
    to: `+${msisdn}`,
    charset: 'UTF-8',
    'dlr-mask': allReceipts,
    'dlr-url': receiptUrl,
    // To the network the same as none. In Kannel's own queue none counts as less.
    ...(isUrgent && { priority: '0' }),
  };
  let written = encodeText(text);
  for (const [name, value] of Object.entries(query)) written += `&${name}=${encodeURIComponent(value)}`;
  return written;
}

let known = { text: '', written: '' };

/** A text and its coding, as they are written. A batch has the same text again and again. */
function encodeText(text: string): string {
  if (known.text !== text || text === '') {
    const isGsm = measureText(text).encoding === 'GSM-7';
    known = { text, written: `coding=${isGsm ? '0' : '2'}&text=${encodeURIComponent(text)}` };
  }
  return known.written;
}

/** What an answer means. Kannel answers 403 to several things: its words tell which. */
export function readAnswer(status: number, body: string): SendsmsOutcome {
  const words = describeAnswer(body);
  if (status >= 200 && status < 300) {
    const code = /^(\d+):/.exec(body)?.[1];
    if (code !== undefined) return { outcome: 'taken', isQueued: code === '3' };
    return {
      outcome: 'configuration',
      reason: `What answers there is not Kannel’s sendsms service: ${words}`,
    };
  }
  if (status === 403 && /not routable/i.test(body))
    return { outcome: 'refused', reason: 'The network has no way to this number.' };
  if (status === 403 && /lists?\b/i.test(body))
    return { outcome: 'refused', reason: 'The network’s lists forbid this number.' };
  if (status === 401 || status === 403) {
    return { outcome: 'configuration', reason: `Kannel refused the user name or the password: ${words}` };
  }
  if (status === 400) return { outcome: 'refused', reason: `The network refused the message: ${words}` };
  if (status === 429 || status === 503) return { outcome: 'busy', reason: 'The network was busy.' };
  // Of something between us and Kannel, which may have passed the call on.
  if (status >= 500) return { outcome: 'doubt', reason: `The gateway answered with ${status}.` };
  return { outcome: 'configuration', reason: `The address answered with ${status}: ${words}` };
}

/** Kannel's words, short, without what could be a number of a person. */
function describeAnswer(body: string): string {
  const line = body
    .replace(/[\p{C}\s]+/gu, ' ')
    .replace(/\d{5,}/g, '…')
    .trim();
  return `“${line.length > 100 ? `${line.slice(0, 99)}…` : line}”`;
}

/** Calls Kannel's sendsms service over connections that are kept. */
export class SendsmsClient {
  private readonly agent: http.Agent;
  private readonly request: typeof http.request;
  /** As Node.js wants it: made anew of a URL for each call, it would cost as much as the rest. */
  private readonly target: http.RequestOptions;
  /** With what the address itself says of each call, such as "smsc=vodacom", up to where the call begins. */
  private readonly path: string;

  /**
   * @param options.windowSize how many calls may be open at a time
   * @param options.timeoutMs until an answer counts as lost
   */
  constructor(
    address: string,
    private readonly user: { username: string; password: string },
    private readonly options: { windowSize: number; timeoutMs: number },
  ) {
    const url = new URL(address);
    const isTls = url.protocol === 'https:';
    this.path = `${url.pathname}${url.search === '' ? '?' : `${url.search}&`}`;
    // By turns, so that none is idle for long while others are used: see CallWindow.
    const kept = {
      keepAlive: true,
      maxSockets: options.windowSize,
      scheduling: 'fifo',
      timeout: idleMs,
    } as const;
    this.agent = isTls ? new https.Agent(kept) : new http.Agent(kept);
    this.request = isTls ? https.request : http.request;
    const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
    this.target = { protocol: url.protocol, hostname, port: url.port, agent: this.agent };
  }

  /** One call. Never rejects. */
  send(message: SendsmsMessage): Promise<SendsmsOutcome> {
    return new Promise((resolve) => {
      const path = this.path + composeQuery(this.user, message);
      const request = this.request({ ...this.target, path });
      let isWritten = false;
      const end = (outcome: SendsmsOutcome) => {
        clearTimeout(timer);
        resolve(outcome);
      };
      const lose = (reason: string, away = 'The gateway cannot be reached') =>
        end(isWritten ? { outcome: 'doubt', reason } : { outcome: 'away', reason: `${away}.` });
      const timer = setTimeout(() => {
        lose('The gateway did not answer in time.', 'The gateway did not take the connection in time');
        request.destroy();
      }, this.options.timeoutMs);

      request.on('socket', (socket) => {
        // What is written before there is a connection waits for it.
        if (!socket.connecting) isWritten = true;
        else socket.once('connect', () => (isWritten = true));
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        lose(
          'The connection to the gateway broke before it answered.',
          `The gateway cannot be reached (${error.code ?? error.name})`,
        );
      });
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        let body = '';
        const read = () => end(readAnswer(status, body));
        const readBroken = () =>
          status >= 200 && status < 300 && !/^\d+:/.test(body)
            ? end({ outcome: 'doubt', reason: 'The gateway’s answer broke off.' })
            : read();
        response.setEncoding('latin1');
        response.on('data', (chunk: string) => {
          body += chunk.slice(0, maxAnswerBytes - body.length);
          if (body.length < maxAnswerBytes) return;
          // The first of it says all; the rest is not waited for.
          read();
          request.destroy();
        });
        response.on('end', read);
        // Its words need not come whole; without any, nobody knows who took it.
        response.on('aborted', readBroken);
        response.on('error', readBroken);
      });
      request.end();
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
