import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkPorts } from './ports';

let taken: Server;
let port: number;

beforeEach(async () => {
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  ({ port } = taken.address() as AddressInfo);
});
afterEach(() => taken.close());

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const free = (probe.address() as AddressInfo).port;
  probe.close();
  await once(probe, 'close');
  return free;
}

describe('checkPorts', () => {
  test('is content with free ports, and leaves them free', async () => {
    const [first, second] = [await findFreePort(), await findFreePort()];
    await checkPorts('127.0.0.1', first, second);
    await checkPorts('127.0.0.1', first, second);
  });

  test('says which port is in use and what to do', async () => {
    const free = await findFreePort();
    await expect(checkPorts('127.0.0.1', port, free)).rejects.toThrow(
      `Port ${port} is in use. Stop the other program (Client Zone itself, if it runs already) or run PORT=${port + 100} npm start.`,
    );
    await expect(checkPorts('127.0.0.1', free, port)).rejects.toThrow(
      `run WORKER_PORT=${port + 100} npm start.`,
    );
  });

  test('refuses one port for both', async () => {
    await expect(checkPorts('127.0.0.1', 3000, 3000)).rejects.toThrow('Give them different ports.');
  });

  test('refuses an address that this machine does not have', async () => {
    await expect(checkPorts('192.0.2.1', 3000, 3001)).rejects.toThrow(
      '192.0.2.1 is not an address of this machine.',
    );
  });
});
