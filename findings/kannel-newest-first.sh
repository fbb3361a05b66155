#!/bin/sh
# Kannel 1.4.5 (Debian 1.4.5-12): of what waits for a network, the newest leaves first, by the second in which it was taken.
#
# Expected: messages of one priority leave in the order in which they were handed over, as a queue does.
# Seen: bearerbox keeps those that wait in a heap and takes the latest second first. Under a steady load above what the network takes,
# the earliest wait for as long as the load lasts. And a message without "priority" stands below one with "priority=0", though the
# network is told 0 for both.
#
# Installs nothing: unpacks Debian's package (apt-get download) in a temporary folder and runs bearerbox and smsbox from there, with a
# small SMPP network that has one message under way at a time. Valid input: 12 messages, 4 in each of three seconds, then one with
# priority=0. Needs Debian or Ubuntu with the libraries of the package (libmariadb3, libpq5, libhiredis, libxml2 …), and node.
# Exits with 1 when that is no longer so.
set -eu
version=1.4.5-12
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
apt-get download "kannel=$version" >/dev/null
dpkg-deb -x kannel_*.deb kannel
cat >measure.mjs <<'PROGRAM'
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const arrived = [];
const pdu = (id, sequence, body) => {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(16 + body.length, 0);
  head.writeUInt32BE(id >>> 0, 4);
  head.writeUInt32BE(sequence, 12);
  return Buffer.concat([head, body]);
};
/** The recipient and the priority_flag of submit_sm. */
function readSubmit(body) {
  let at = body.indexOf(0) + 3;
  at = body.indexOf(0, at) + 3;
  const end = body.indexOf(0, at);
  return { to: body.toString('latin1', at, end), priority: body.readUInt8(end + 3) };
}
const network = createServer((socket) => {
  socket.on('error', () => undefined);
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 16 && rest.length >= rest.readUInt32BE(0)) {
      const one = rest.subarray(0, rest.readUInt32BE(0));
      rest = rest.subarray(one.length);
      const id = one.readUInt32BE(4);
      const answer = (body) => socket.write(pdu(id | 0x80000000, one.readUInt32BE(12), body));
      if (id === 4) {
        arrived.push(readSubmit(one.subarray(16)));
        setTimeout(() => answer(Buffer.from(`${arrived.length}\0`)), 500);
      } else if (id < 0x80000000) answer(Buffer.from('network\0'));
    }
  });
}).listen(0, '127.0.0.1');
await once(network, 'listening');
const free = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
};
const [admin, box, sendsms] = [await free(), await free(), await free()];
mkdirSync('store');
writeFileSync('kannel.conf', `group = core
admin-port = ${admin}
admin-password = a
smsbox-port = ${box}
store-type = spool
store-location = store

group = smsc
smsc = smpp
smsc-id = network
host = 127.0.0.1
port = ${network.address().port}
transceiver-mode = true
smsc-username = a
smsc-password = a
system-type = ""
max-pending-submits = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${sendsms}

group = sendsms-user
username = a
password = a

group = sms-service
keyword = default
text = "none"
`);
const boxes = [];
const run = (name) => boxes.push(spawn(`kannel/usr/sbin/${name}`, ['kannel.conf'], { stdio: 'ignore' }));
run('bearerbox');
await delay(2000);
run('smsbox');
await delay(2000);
async function send(to, extra = '') {
  const response = await fetch(`http://127.0.0.1:${sendsms}/cgi-bin/sendsms?username=a&password=a&from=123&to=${to}&text=x${extra}`);
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
}
// From the beginning of a second on, so that four fall into one.
for (let second = 1; second <= 3; second++) {
  await delay(1000 - (Date.now() % 1000) + 50);
  for (let place = 1; place <= 4; place++) await send(`${second}000${place}`);
}
await send('90001', '&priority=0');
for (let waited = 0; arrived.length < 13 && waited < 200; waited++) await delay(100);
for (const child of boxes) child.kill('SIGKILL');
network.close();
console.log(arrived.map(({ to, priority }) => `${to} (priority_flag ${priority})`).join('\n'));
const order = arrived.map(({ to }) => to);
const areNewestFirst = order.indexOf('30004') !== -1 && order.indexOf('30004') < order.indexOf('20004') && order.indexOf('20004') < order.indexOf('10004');
const isAhead = order.indexOf('90001') < order.indexOf('30002');
const isSaidAlike = arrived.every(({ priority }) => priority === 0);
console.log(JSON.stringify({ areNewestFirst, isAhead, isSaidAlike }));
process.exit(areNewestFirst && isAhead && isSaidAlike ? 0 : 1);
PROGRAM
node measure.mjs
