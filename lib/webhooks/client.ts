import { Resolver } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isAllowedAddress, isLocalName, readLiteralHost, type AddressRules } from './address';
import { isOverloaded, readRetryAfterMs } from './retry';

/** Connections are kept while they are used: one that nothing was sent by for so long is closed. */
const kept = { keepAlive: true, maxFreeSockets: 16, timeout: 15_000 };

/** So much of an answer is read; then the connection is closed. */
export const maxAnswerBytes = 64 * 1024;
/** From the first look at the name to the end of the answer, however it drips. */
const limitMs = 10_000;

/** What came of one request. */
export type Answer =
  | { ok: true; statusCode: number; text: string; durationMs: number }
  /** No answer, or none that counts. `isStopped`: we gave it up ourselves, as the worker stops. */
  | {
      ok: false;
      statusCode: number | null;
      text: string | null;
      reason: string;
      durationMs: number;
      isStopped: boolean;
      /** For so long it wants nothing more (`Retry-After`). */
      holdMs: number;
    };

export interface Resolved {
  address: string;
  family: 4 | 6;
}
export type Resolve = (hostname: string) => Promise<Resolved[]>;

export interface ClientOptions extends AddressRules {
  /** Left out: DNS. */
  resolve?: Resolve;
  limitMs?: number;
}

interface Raw {
  statusCode: number;
  text: string;
  retryAfter: string | undefined;
}

/** The name leads where no request may go. */
class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';
}
class TooSlowError extends Error {
  override readonly name = 'TooSlowError';
}

/**
 * Posts deliveries, by connections that are kept. A name is resolved once for each connection, and the
 * connection goes to what was checked: a name that changes its mind meanwhile leads nowhere else.
 */
export class WebhookClient {
  private readonly http = new http.Agent(kept);
  private readonly https = new https.Agent(kept);
  private isGivenUp = false;

  constructor(private readonly options: ClientOptions) {}

  /** @param headers name and value in turn */
  async post(url: URL, headers: readonly string[], body: Buffer): Promise<Answer> {
    const begun = performance.now();
    const durationMs = () => Math.round(performance.now() - begun);
    try {
      const { statusCode, text, retryAfter } = await this.request(url, headers, body);
      if (statusCode >= 200 && statusCode < 300)
        return { ok: true, statusCode, text, durationMs: durationMs() };
      const reason =
        statusCode >= 300 && statusCode < 400
          ? `It answered with a redirect (${statusCode}), which is not followed.`
          : `It answered ${statusCode}.`;
      const holdMs = isOverloaded(statusCode) ? readRetryAfterMs(retryAfter, new Date()) : 0;
      return { ok: false, statusCode, text, reason, durationMs: durationMs(), isStopped: false, holdMs };
    } catch (error) {
      return {
        ok: false,
        statusCode: null,
        text: null,
        reason: describeFailure(error),
        durationMs: durationMs(),
        isStopped: this.isGivenUp,
        holdMs: 0,
      };
    }
  }

  /**
   * Gives up what is under way, by its connections, and whatever is posted from now on. (To be told of it by
   * itself each request needs a listener, which took 10 µs of the 70 that it takes.)
   */
  giveUp(): void {
    this.isGivenUp = true;
    this.close();
  }

  /** Closes the connections. */
  close(): void {
    this.http.destroy();
    this.https.destroy();
  }

  private async request(url: URL, headers: readonly string[], body: Buffer): Promise<Raw> {
    const literal = readLiteralHost(url.hostname);
    // node asks for no look-up of what is an address already
    if (literal !== null && !isAllowedAddress(literal, this.options)) throw new RefusedAddressError();
    const deadline = Date.now() + (this.options.limitMs ?? limitMs);
    try {
      return await this.requestOnce(url, headers, body, deadline);
    } catch (error) {
      // A kept connection that the other end closed just now: nothing is known to be wrong with it.
      if (!(error instanceof StaleConnectionError)) throw error;
      return this.requestOnce(url, headers, body, deadline);
    }
  }

  private requestOnce(url: URL, headers: readonly string[], body: Buffer, deadline: number): Promise<Raw> {
    if (this.isGivenUp) return Promise.reject(new GivenUpError());
    const isSecure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const request = (isSecure ? https : http).request(url, {
        method: 'POST',
        agent: isSecure ? this.https : this.http,
        lookup: this.lookup,
        // Of an array node makes the lines as they stand, in half the time; then the host is for us to name.
        headers: ['host', url.host, ...headers, 'content-length', String(body.length)],
      });
      const tooSlow = setTimeout(
        () => request.destroy(new TooSlowError()),
        Math.max(0, deadline - Date.now()),
      );
      const settle = () => clearTimeout(tooSlow);
      const fail = (error: Error) => {
        settle();
        const { code } = error as NodeJS.ErrnoException;
        reject(request.reusedSocket && code === 'ECONNRESET' ? new StaleConnectionError() : error);
      };
      request.on('error', fail);
      // Node ends a request without an error when the answer is another protocol (101): nothing else tells of
      // it, not even the limit. Once there is a response, its own events do.
      let isAnswered = false;
      request.on('close', () => {
        if (!isAnswered) fail(new BrokenOffError());
      });
      request.on('response', (response) => {
        isAnswered = true;
        const chunks: Buffer[] = [];
        let bytes = 0;
        const finish = () => {
          settle();
          const text = Buffer.concat(chunks)
            .subarray(0, maxAnswerBytes)
            .toString('utf8')
            .replaceAll('\0', '');
          const retryAfter = response.headers['retry-after'];
          resolve({ statusCode: response.statusCode ?? 0, text, retryAfter });
        };
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes < maxAnswerBytes) return;
          finish();
          response.destroy();
        });
        response.on('end', finish);
        response.on('error', fail);
      });
      request.end(body);
    });
  }

  /** For node's sockets: the addresses of a name, if all of them are allowed. */
  private readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.resolveAllowed(hostname).then(
      (addresses) => {
        const [first] = addresses as [Resolved, ...Resolved[]];
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  private async resolveAllowed(hostname: string): Promise<Resolved[]> {
    const addresses = await (this.options.resolve ?? resolveByDns)(hostname);
    if (addresses.length === 0) throw Object.assign(new Error('No address'), { code: 'ENOTFOUND' });
    if (!addresses.every(({ address }) => isAllowedAddress(address, this.options))) {
      throw new RefusedAddressError();
    }
    return addresses;
  }
}

/** The connection ended without an answer, or with one that is none. */
class BrokenOffError extends Error {
  override readonly name = 'BrokenOffError';
}

/** The worker stops. */
class GivenUpError extends Error {
  override readonly name = 'GivenUpError';
}

class StaleConnectionError extends Error {
  override readonly name = 'StaleConnectionError';
}

// Not dns.lookup: it has four threads for the whole process, which slow name servers of a few would hold.
const resolver = new Resolver({ timeout: 3_000, tries: 2 });

async function resolveByDns(hostname: string): Promise<Resolved[]> {
  if (isLocalName(hostname)) return [{ address: '127.0.0.1', family: 4 }];
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  const found = answers.flatMap((answer, index) =>
    answer.status === 'fulfilled'
      ? answer.value.map((address) => ({ address, family: index === 0 ? (4 as const) : (6 as const) }))
      : [],
  );
  const [first] = answers;
  if (found.length === 0 && first.status === 'rejected') throw first.reason;
  return found;
}

const brokenOff = 'It broke the connection off.';

/** In words for the account; only what it can know itself about its own endpoint. */
function describeFailure(error: unknown): string {
  if (error instanceof RefusedAddressError) {
    return 'Its name leads to an address within a private network, which we do not reach.';
  }
  if (error instanceof BrokenOffError) return brokenOff;
  if (error instanceof TooSlowError) return 'It took longer than 10 seconds.';
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOTFOUND':
    case 'ENODATA':
      return 'Its name was not found.';
    case 'ECONNREFUSED':
      return 'It refused the connection.';
    case 'ECONNRESET':
    case 'EPIPE':
      return brokenOff;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'It could not be reached.';
    default:
      return `The request failed${typeof code === 'string' ? ` (${code})` : ''}.`;
  }
}
