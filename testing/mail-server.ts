import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedEmail {
  from: string;
  to: string[];
  /** As it came over the wire. */
  source: string;
}

export interface MailServer {
  url: string;
  received: ReceivedEmail[];
  stop(): Promise<void>;
}

/** A real mail server on a free port of this machine; it takes what `answers` does not refuse. */
export async function startMailServer(answers: SMTPServerOptions = {}): Promise<MailServer> {
  const received: ReceivedEmail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      void text(stream).then((source) => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), source });
        done();
      });
    },
    ...answers,
  });
  // a client that is killed, or stops in the middle
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** What a mail server answers when it refuses: 4xx for now, 5xx for good. */
export function refuseEmail(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
