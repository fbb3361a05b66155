import { spawnSync } from 'node:child_process';
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

test('a terminal that is closed stops a web process as a supervisor does, not halfway', () => {
  const program = `
    import { stopUponSignals, whenStopping } from './lib/http/stopping.ts';
    stopUponSignals();
    whenStopping(() => console.log('stopping'));
    // as Next.js does
    process.on('SIGTERM', () => setTimeout(() => process.exit(0), 50));
    setInterval(() => {}, 1000);
    process.kill(process.pid, 'SIGHUP');`;
  const { status, signal, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', program],
    { encoding: 'utf8', timeout: 60_000 },
  );
  expect({ status, signal, stdout }).toEqual({ status: 0, signal: null, stdout: 'stopping\n' });
});
