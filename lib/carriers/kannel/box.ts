import { connect, type Socket } from 'node:net';
import { log } from '@/lib/log';
import {
  BoxReader,
  composeAcknowledgements,
  composeHeartbeat,
  composeIdentity,
  type BoxSms,
} from './box-messages';
import { boxName } from './box-name';

export interface BoxOptions {
  host: string;
  /** `smsbox-port` of Kannel's core. */
  port: number;
  /**
   * Resolves once what it was given is recorded for good; rejects when it could not be. `signal`: the box
   * leaves, and waits for what is under way.
   */
  take: (sms: BoxSms, signal: AbortSignal) => Promise<void>;
  /** The pause before the first new attempt to connect; doubled each time, up to `longestPauseMs`. */
  pauseMs?: number;
}

const longestPauseMs = 3_000;
const heartbeatMs = 10_000;
/** A connection that says nothing is asked by the system whether it still lives. */
const keepAliveMs = 30_000;
/** What is under way at a time, however much Kannel would send without an answer. */
const mostUnderWay = 2_000;

/**
 * A box of Kannel's, as smsbox is one: replies and receipts come from bearerbox over one connection, and each
 * is acknowledged once it is recorded. Until then bearerbox keeps it, on its disk too; of a connection that
 * ends it offers whatever was not acknowledged again, to us or to another worker's box of the same name. What
 * comes twice has the same id, and counts once.
 *
 * By smsbox each reply is a request of its own, which costs both sides more than the reply does, and what
 * smsbox holds is in its memory alone.
 */
export class KannelBox {
  private isStopping = false;
  private isWanted = true;
  private session: BoxSession | null = null;
  private wake: () => void = () => undefined;
  private finished: Promise<void> = Promise.resolve();

  constructor(private readonly options: BoxOptions) {}

  start(): void {
    this.finished = this.run();
  }

  /** Takes nothing more, ends and acknowledges what is under way, and leaves. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.session?.leave();
    this.wake();
    await this.finished;
  }

  /** Whether it is to be there from now on; it is, to begin with. It leaves as it does for a stop. */
  serve(isWanted: boolean): void {
    if (this.isWanted === isWanted) return;
    this.isWanted = isWanted;
    if (!isWanted) this.session?.leave();
    this.wake();
  }

  private async run(): Promise<void> {
    const { host, port, pauseMs = 250 } = this.options;
    let failures = 0;
    while (!this.isStopping) {
      if (!this.isWanted) {
        await this.pause(null);
        continue;
      }
      this.session = new BoxSession(this.options);
      const { wasConnected, hasFailed, error } = await this.session.ended;
      this.session = null;
      if (this.isStopping || !this.isWanted) continue;
      failures = wasConnected && !hasFailed ? 0 : failures + 1;
      // Said when it begins, and not at each attempt of a night.
      if (!hasFailed && failures <= 1)
        log.warn({ host, port, err: error }, 'Kannel’s bearerbox is away; what it has waits there');
      await this.pause(Math.min(pauseMs * 2 ** Math.min(failures, 10), longestPauseMs));
    }
  }

  /** Until so long has passed, or something else is wanted. */
  private async pause(ms: number | null): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }
}

interface SessionEnd {
  wasConnected: boolean;
  /** Whether it ended because of us: something could not be read, or not be recorded. */
  hasFailed: boolean;
  error: Error | undefined;
}

/** One connection, from its beginning to its end. */
class BoxSession {
  /** When the connection has ended and nothing of it is under way any more. */
  readonly ended: Promise<SessionEnd>;
  private readonly socket: Socket;
  private readonly reader = new BoxReader();
  private readonly heartbeat: NodeJS.Timeout;
  private underWay = 0;
  private readonly leaving = new AbortController();
  private isClosed = false;
  private wasConnected = false;
  private hasFailed = false;
  private error: Error | undefined;
  /** Taken, and not acknowledged yet. */
  private taken: BoxSms[] = [];
  private settle: () => void = () => undefined;

  constructor(private readonly options: BoxOptions) {
    const { host, port } = options;
    this.ended = new Promise((resolve) => {
      this.settle = () => {
        const { wasConnected, hasFailed, error } = this;
        resolve({ wasConnected, hasFailed, error });
      };
    });
    this.socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
    this.heartbeat = setInterval(() => {
      if (this.wasConnected && !this.isLeaving) this.socket.write(composeHeartbeat(this.underWay));
    }, heartbeatMs);
    this.socket.on('connect', () => {
      this.wasConnected = true;
      log.info({ host, port }, 'Kannel’s bearerbox hands over replies and receipts');
      this.socket.write(composeIdentity(boxName));
    });
    this.socket.on('data', (chunk: Buffer) => this.read(chunk));
    this.socket.on('error', (error) => (this.error ??= error));
    this.socket.on('close', () => {
      this.isClosed = true;
      this.leaving.abort();
      clearInterval(this.heartbeat);
      this.look();
    });
  }

  private get isLeaving(): boolean {
    return this.leaving.signal.aborted;
  }

  /** Reads nothing more; leaves when what was read is answered. */
  leave(): void {
    this.leaving.abort();
    this.socket.pause();
    this.look();
  }

  private read(chunk: Buffer): void {
    try {
      for (const message of this.reader.read(chunk)) {
        if (message.kind === 'sms') void this.take(message.sms);
        else if (message.kind === 'end') this.leave();
      }
    } catch (error) {
      this.fail(error, 'Kannel’s bearerbox says what cannot be read');
    }
    if (this.underWay >= mostUnderWay) this.socket.pause();
  }

  private async take(sms: BoxSms): Promise<void> {
    this.underWay += 1;
    try {
      await this.options.take(sms, this.leaving.signal);
      this.acknowledge(sms);
    } catch (error) {
      this.fail(error, 'What Kannel’s bearerbox handed over could not be recorded; it will try again');
    } finally {
      this.underWay -= 1;
      if (!this.isLeaving && this.underWay < mostUnderWay) this.socket.resume();
      this.look();
    }
  }

  /** All that were recorded together are acknowledged together. */
  private acknowledge(sms: BoxSms): void {
    this.taken.push(sms);
    if (this.taken.length === 1) setImmediate(() => this.write());
  }

  private write(): void {
    const { taken } = this;
    this.taken = [];
    if (!this.socket.destroyed) this.socket.write(composeAcknowledgements(taken));
    this.look();
  }

  /**
   * Ends the connection, so that bearerbox offers all that was not acknowledged again after the pause: told
   * that a message could not be taken now, it would offer it at once, and again, for as long as that lasts.
   */
  private fail(error: unknown, what: string): void {
    if (this.isClosed || this.hasFailed) return;
    this.hasFailed = true;
    log.error({ err: error }, what);
    this.leave();
  }

  /** Whether there is nothing left to do. */
  private look(): void {
    if (this.underWay > 0 || this.taken.length > 0) return;
    if (this.isClosed) this.settle();
    else if (this.isLeaving && this.wasConnected) this.socket.destroySoon();
    // One that is still being opened would be waited for.
    else if (this.isLeaving) this.socket.destroy();
  }
}
