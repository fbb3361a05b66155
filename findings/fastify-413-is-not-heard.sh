#!/bin/sh
# Fastify 5.12.8: a client that sends its whole request before it reads does not hear of "413 Payload Too Large".
#
# Expected: a body above bodyLimit is refused with 413, and who sent it reads that.
# Seen: Fastify answers with "connection: close" as soon as it has seen the Content-Length, whatever an error handler sets; Node.js then closes
# a connection whose bytes it has not read, so that it is reset. A client that is still writing (20 of 20 here) gets EPIPE or ECONNRESET and
# never the answer: it takes the refusal for a fault of the network, and sends the same again. Once an error handler takes the header
# "connection" away, Node.js reads on: 20 of 20 read the 413, and use the connection again.
#
# Runs it in a temporary folder on valid requests of 4 MB against a limit of 1 MB. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error fastify@5.12.8
cat >measure.mjs <<'PROGRAM'
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import Fastify from 'fastify';

const body = Buffer.alloc(4 * 1024 * 1024, '1');
const tries = 20;

/** The statuses of two requests in a row over one connection, or the error that ended it. */
async function ask(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.pause();
    socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`);
    for (let at = 0; at < body.length; at += 65_536) {
      if (!socket.write(body.subarray(at, at + 65_536))) await once(socket, 'drain');
    }
    socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    return (await text(socket)).match(/HTTP\/1\.1 \d+/g)?.join(', ') ?? 'nothing';
  } catch (error) {
    return error.code;
  } finally {
    socket.destroy();
  }
}

async function count(removesHeader) {
  const app = Fastify({ bodyLimit: 1024 * 1024 });
  app.get('/', () => 'here');
  app.post('/', () => 'taken');
  app.setErrorHandler((error, _request, reply) => {
    if (removesHeader) reply.removeHeader('connection');
    return reply.code(error.statusCode).send({ problem: error.code });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const seen = {};
  for (let index = 0; index < tries; index += 1) {
    const given = await ask(app.server.address().port);
    seen[given] = (seen[given] ?? 0) + 1;
  }
  await app.close();
  return seen;
}

const usual = await count(false);
const without = await count(true);
console.log(JSON.stringify({ usual, without }, null, 1));
const unheard = (usual.EPIPE ?? 0) + (usual.ECONNRESET ?? 0);
process.exit(unheard === tries && without['HTTP/1.1 413, HTTP/1.1 200'] === tries ? 0 : 1);
PROGRAM
node measure.mjs
