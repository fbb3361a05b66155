#!/bin/sh
# next-auth 4.24.15: the session token is put together from every cookie whose name begins with the session cookie's name, and all
# of them are removed when it then cannot be read.
#
# Expected: with the session cookie "session-3000" (and its parts "session-3000.0", "session-3000.1"), a cookie "session-30001" of
# another program on the same host (browsers share cookies among ports) is none of its business.
# Seen: the token is "ab" of "a" and "b": nobody is signed in, and the answer removes both programs' cookies.
#
# Runs next-auth's getToken, and its handler for GET /session, in a temporary folder, on valid input. Exits with 1 when that is no
# longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error next-auth@4.24.15 next@16.4.6 react@19.3.1 react-dom@19.3.1
cat >look.cjs <<'PROGRAM'
const NextAuth = require('next-auth').default;
const { encode, getToken } = require('next-auth/jwt');

(async () => {
  const secret = 'a secret of thirty-two characters';
  const cookies = { 'session-3000': await encode({ token: { sub: '7' }, secret }), 'session-30001': 'another-program' };
  const alone = { 'session-3000': cookies['session-3000'] };
  const read = (given) => getToken({ req: { cookies: given, headers: {} }, cookieName: 'session-3000', secret });

  const ask = async (given) => {
    const removed = [];
    const request = { method: 'GET', query: { nextauth: ['session'] }, cookies: given, headers: { host: 'localhost:3000' } };
    let body;
    const response = {
      getHeader: () => undefined,
      setHeader: (name, value) => {
        if (name.toLowerCase() === 'set-cookie') for (const one of [value].flat()) if (/Max-Age=0/i.test(one)) removed.push(one.split('=')[0]);
      },
      status: () => response,
      send: (sent) => (body = sent),
      end: () => undefined,
    };
    process.env.NEXTAUTH_URL = 'http://localhost:3000';
    await NextAuth({
      secret,
      providers: [],
      session: { strategy: 'jwt' },
      cookies: { sessionToken: { name: 'session-3000', options: { path: '/' } } },
      logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
    })(request, response);
    return { signedIn: Boolean(body && body.expires), removed };
  };

  const seen = {
    alone: { token: Boolean(await read(alone)), ...(await ask(alone)) },
    beside: { token: Boolean(await read(cookies)), ...(await ask(cookies)) },
  };
  console.log(JSON.stringify(seen, null, 2));
  const asFound =
    seen.alone.token && seen.alone.signedIn && seen.alone.removed.length === 0 &&
    !seen.beside.token && !seen.beside.signedIn && seen.beside.removed.includes('session-30001');
  console.log(asFound ? 'As found.' : 'Otherwise than found: look again.');
  process.exit(asFound ? 0 : 1);
})();
PROGRAM
node look.cjs
