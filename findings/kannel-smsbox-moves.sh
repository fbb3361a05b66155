#!/bin/sh
# Kannel 1.4.5 (Debian 1.4.5-12): a smsbox whose bearerbox has died ends well and goes on as another process.
#
# Expected: a smsbox that loses its bearerbox either ends with an error, for its supervisor to start it again, or keeps its process and
# connects anew.
# Seen: some ten seconds later the process that was started ends with 0, as if it had been asked to, while another process, whose parent is
# not the supervisor, has its place: once bearerbox is back it answers at sendsms-port. A supervisor that watches the process it started
# sees a clean end, starts a second one in vain as the port is taken, and stops nothing when it signals the number it knows. Stop and watch
# the process group (systemd: the control group) instead.
#
# Installs nothing: unpacks Debian's package (apt-get download) in a temporary folder and runs bearerbox and smsbox from there. Valid input:
# bearerbox is ended by SIGKILL and started again. Needs Debian or Ubuntu with the libraries of the package (libmariadb3, libpq5, libhiredis,
# libxml2 …), /proc, and node. Exits with 1 when that is no longer so.
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
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const free = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
};
const [admin, box, sendsms] = [await free(), await free(), await free()];
mkdirSync('store');
writeFileSync(
  'kannel.conf',
  `group = core
admin-port = ${admin}
admin-password = a
smsbox-port = ${box}
store-type = spool
store-location = store

group = smsc
smsc = fake
smsc-id = network
port = ${await free()}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${sendsms}

group = sendsms-user
username = a
password = a

group = sms-service
keyword = default
text = "none"
`,
);
const run = (program) => spawn(`kannel/usr/sbin/${program}`, ['kannel.conf'], { stdio: 'ignore', detached: true });
/** Processes of this configuration: number, parent and program. */
const list = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (readFileSync(`/proc/${pid}/cwd/kannel.conf`, 'utf8') === '') return [];
        const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
        return program.endsWith('smsbox') ? [{ pid: Number(pid), parent: Number(parent) }] : [];
      } catch {
        return [];
      }
    });
const send = async () => {
  const url = `http://127.0.0.1:${sendsms}/cgi-bin/sendsms?username=a&password=a&from=123&to=27600000123&text=x`;
  return fetch(url).then(({ status }) => status, () => null);
};

let bearerbox = run('bearerbox');
await delay(2000);
const smsbox = run('smsbox');
const ended = once(smsbox, 'exit');
await delay(2000);
const before = { status: await send(), processes: list().map(({ pid }) => pid === smsbox.pid) };
bearerbox.kill('SIGKILL');
await delay(1000);
bearerbox = run('bearerbox');
const exit = await Promise.race([ended, delay(60_000, null)]);
let status = null;
for (let waited = 0; status !== 202 && waited < 60; waited++) {
  await delay(500);
  status = await send();
}
const others = list().filter(({ pid }) => pid !== smsbox.pid);
console.log(JSON.stringify({ before, exit, after: { status, others: others.length, isOurChild: others.map(({ parent }) => parent === process.pid) } }, null, 1));
process.kill(-smsbox.pid, 'SIGKILL');
bearerbox.kill('SIGKILL');
const isAsSeen =
  before.status === 202 &&
  exit?.[0] === 0 &&
  status === 202 &&
  others.length > 0 &&
  others.every(({ parent }) => parent !== process.pid);
process.exit(isAsSeen ? 0 : 1);
PROGRAM
node measure.mjs
