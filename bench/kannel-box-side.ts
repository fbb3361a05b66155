/**
 * A box of Kannel that does nothing: acknowledges what it is handed at once, and counts. What the product is
 * measured against, in a process of its own as the product is; told and heard by IPC.
 *
 *   kannel-box-side.ts PORT
 */
import { connect } from 'node:net';
import { BoxReader, composeAcknowledgements, composeIdentity } from '@/lib/carriers/kannel/box-messages';
import { boxName } from '@/lib/carriers/kannel/box-name';

function serve(port: number): void {
  const reader = new BoxReader();
  let count = 0;
  const socket = connect({ host: '127.0.0.1', port, noDelay: true }, () => {
    socket.write(composeIdentity(boxName));
    process.send?.('ready');
  });
  socket.on('data', (chunk: Buffer) => {
    const taken = reader.read(chunk).flatMap((message) => (message.kind === 'sms' ? [message.sms] : []));
    count += taken.length;
    socket.write(composeAcknowledgements(taken));
  });
  process.on('message', () => process.send?.(count));
  process.on('disconnect', () => process.exit());
}

const [given] = process.argv.slice(2);
if (given !== undefined && process.send) serve(Number(given));
