#!/bin/sh
# Kannel 1.4.5 (Debian 1.4.5-12): smsbox writes numbers and texts at log-level 1, and all of it to its standard error, whatever log-level says.
#
# Expected: log-level = 1 ("info" in the guide) leaves what people write out of smsbox's log, as level 0 ("debug") is what shows what
# passes through; and log-level is about all that smsbox writes down.
# Seen: at log-level 1 the log has "sendsms sender:… to:… msg:…" for each message, with its number and its text. log-level is about
# log-file alone: standard error, which a supervisor such as systemd keeps, gets everything from level 0 on unless --verbosity is given.
# With log-level 4 and --verbosity 4 neither has the text.
#
# Installs nothing: unpacks Debian's package (apt-get download) in a temporary folder and runs bearerbox and smsbox from there, with a
# network of the type fake that nobody connects to: messages are taken without one. Valid input: one message handed to sendsms. Needs Debian or
# Ubuntu with the libraries of the package (libmariadb3, libpq5, libhiredis, libxml2 …), and node. Exits with 1 when that is no longer so.
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
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const text = 'Tulips-and-proteas';
const number = '27600000123';
const free = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
};

/** What smsbox's log and its standard error hold after one message. */
async function run(name, level, verbosity) {
  mkdirSync(`${name}/store`, { recursive: true });
  const [admin, box, sendsms] = [await free(), await free(), await free()];
  writeFileSync(
    `${name}/kannel.conf`,
    `group = core
admin-port = ${admin}
admin-password = a
smsbox-port = ${box}
store-type = spool
store-location = ${name}/store

group = smsc
smsc = fake
smsc-id = network
port = ${await free()}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${sendsms}
log-file = "${name}/smsbox.log"
log-level = ${level}

group = sendsms-user
username = a
password = a

group = sms-service
keyword = default
text = "none"
`,
  );
  const start = (program, options) =>
    spawn(`kannel/usr/sbin/${program}`, [...options, `${name}/kannel.conf`], {
      stdio: ['ignore', 'ignore', openSync(`${name}/${program}.err`, 'w')],
    });
  const boxes = [start('bearerbox', ['--verbosity', '4'])];
  await delay(2000);
  boxes.push(start('smsbox', verbosity === null ? [] : ['--verbosity', String(verbosity)]));
  await delay(2000);
  const search = new URLSearchParams({ username: 'a', password: 'a', from: '123', to: number, text });
  const response = await fetch(`http://127.0.0.1:${sendsms}/cgi-bin/sendsms?${search}`);
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  await delay(1000);
  for (const child of boxes) child.kill('SIGKILL');
  const holds = (file) => {
    const written = readFileSync(`${name}/${file}`, 'latin1');
    return { text: written.includes(text), number: written.includes(number) };
  };
  return { log: holds('smsbox.log'), standardError: holds('smsbox.err') };
}

const asConfigured = await run('level-1', 1, null);
const quiet = await run('level-4', 4, 4);
console.log(JSON.stringify({ asConfigured, quiet }, null, 1));
const holdsAll = ({ text, number }) => text && number;
const holdsNothing = ({ text, number }) => !text && !number;
const isAsSeen =
  holdsAll(asConfigured.log) && holdsAll(asConfigured.standardError) && holdsNothing(quiet.log) && holdsNothing(quiet.standardError);
process.exit(isAsSeen ? 0 : 1);
PROGRAM
node measure.mjs
