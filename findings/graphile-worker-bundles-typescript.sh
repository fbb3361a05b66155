#!/bin/sh
# graphile-worker 0.17.3, bundled by esbuild 0.28.2 beside an installed typescript 6.0.3: the bundle holds the whole compiler.
#
# Expected: a bundle of a library that queues jobs holds that library and what it needs, about half a megabyte.
# Seen: 7 MB more. graphile-worker looks for a configuration by cosmiconfig, even where it is given all by parameters; cosmiconfig can read
# one written in TypeScript, and requires "typescript" for that, an optional peer, which every project in TypeScript has installed. Said to
# be external, it is never loaded, and nothing is missing.
#
# Installs the versions in a temporary folder. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error graphile-worker@0.17.3 esbuild@0.28.2 typescript@6.0.3
cat >size.cjs <<'PROGRAM'
const { buildSync } = require('esbuild');
const measure = (external) => {
  const { outputFiles } = buildSync({
    stdin: { contents: "import { run } from 'graphile-worker'; console.log(typeof run);", resolveDir: __dirname },
    bundle: true,
    minifyWhitespace: true,
    platform: 'node',
    external: ['pg-native', ...external],
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].contents.length / 1e6;
};
const [whole, without] = [measure([]), measure(['typescript'])];
console.log(`${whole.toFixed(1)} MB; with typescript external ${without.toFixed(1)} MB`);
if (whole - without < 5) {
  console.log('Changed: the compiler is not in the bundle any more.');
  process.exit(1);
}
console.log('As found: the bundle holds the compiler.');
PROGRAM
node size.cjs
