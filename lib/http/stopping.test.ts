import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { beginStopping, closeConnectionsWhenStopping, forgetStopping } from './stopping';

afterEach(forgetStopping);

test('a connection that is asked without a pause ends once the stop has begun, and no answer is lost', async () => {
  closeConnectionsWhenStopping();
  const server = createServer((_request, response) => response.end('here')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async () => {
    const [response] = (await once(get({ port, host: '127.0.0.1', agent }), 'response')) as [IncomingMessage];
    const ended = once(response, 'end');
    response.resume();
    await ended;
    return { status: response.statusCode, connection: response.headers.connection };
  };
  expect(await ask()).toEqual({ status: 200, connection: 'keep-alive' });
  expect(await ask()).toEqual({ status: 200, connection: 'keep-alive' });
  const closed = once(server, 'close');
  beginStopping();
  expect(await ask()).toEqual({ status: 200, connection: 'close' });
  server.close();
  await closed;
  agent.destroy();
});
