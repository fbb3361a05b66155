import { createServer } from 'node:net';
import { StageError } from './stage.mjs';

/** Makes sure that web and worker will be able to listen. Throws with one line that says what to do. */
export async function checkPorts(host: string, port: number, workerPort: number): Promise<void> {
  if (port === workerPort)
    throw new StageError(`PORT and WORKER_PORT are both ${port}. Give them different ports.`);
  await checkPort(host, port, 'PORT', port + 100);
  await checkPort(host, workerPort, 'WORKER_PORT', workerPort + 100);
}

/** Why nobody can listen there; undefined when one can. */
export async function probePort(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe
      .once('error', resolve)
      .listen({ port, host, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

async function checkPort(host: string, port: number, variable: string, other: number): Promise<void> {
  const error = await probePort(host, port);
  switch (error?.code) {
    case undefined:
      return;
    case 'EADDRINUSE':
      throw new StageError(
        `Port ${port} is in use. Stop the other program (Client Zone itself, if it runs already) or run ${variable}=${other} npm start.`,
      );
    case 'EACCES':
      throw new StageError(`Port ${port} may only be used by root. Run ${variable}=${other} npm start.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      throw new StageError(`${host} is not an address of this machine. Correct HOST.`);
    default:
      throw new StageError(`Port ${port} cannot be used: ${error?.message}`);
  }
}
