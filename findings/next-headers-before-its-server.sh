#!/bin/sh
# next 16.4.6: in a process that reads next/headers before Next.js's server, console.log throws once that server has been read.
#
# Expected: a module that only reads what a request has, such as next/headers, may be read before the server in the same process, as a
# test runner does whose test files share a process; both orders end alike.
# Seen: whatever of Next.js is read first makes the storages for requests, and makes stand-ins where there is no global AsyncLocalStorage,
# which Node.js has not by itself. The server sets the global and wraps the methods of console, which go through the storages: they are
# the stand-ins from then on, so that each console.log of the process throws "Invariant: AsyncLocalStorage accessed in runtime where it is
# not available". The other way round all is well, and so it is when the process sets the global before it reads anything.
#
# Installs next, react and react-dom in a temporary folder. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund next@16.4.6 react@19.2.0 react-dom@19.2.0 >/dev/null
cat >order.cjs <<'PROGRAM'
const [, , order] = process.argv;
if (order === 'with the global first') globalThis.AsyncLocalStorage = require('node:async_hooks').AsyncLocalStorage;
const headers = () => require('next/headers');
const server = () => require('next/dist/server/node-environment');
for (const read of order === 'server first' ? [server, headers] : [headers, server]) read();
let said = 'console.log works';
try {
  console.log('');
} catch (error) {
  said = error.message;
}
process.stdout.write(`${order}: ${said}\n`);
PROGRAM
for order in 'headers first' 'server first' 'with the global first'; do node order.cjs "$order" | grep . ; done >seen
cat >expected <<'SEEN'
headers first: Invariant: AsyncLocalStorage accessed in runtime where it is not available
server first: console.log works
with the global first: console.log works
SEEN
cat seen
diff expected seen >/dev/null || { echo 'This is no longer so.'; exit 1; }
