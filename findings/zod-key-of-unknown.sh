#!/bin/sh
# zod 4.6.7: an object whose value may be anything, even undefined, refuses an input that lacks the key.
#
# Expected: z.object({ reason: z.unknown() }) reads {}, as z.unknown() reads undefined, and as zod 3.25.76 and 4.0.0 do.
# Seen: {} is refused with "expected nonoptional, received undefined"; { reason: undefined } is read. The same holds for z.any() and
# z.undefined(). So what reads an address, where a key that is not given is not there, says .optional() even of an unknown value.
#
# Installs the three versions in a temporary folder. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error zod@4.6.7 zod3@npm:zod@3.25.76 zod40@npm:zod@4.0.0
cat >read.cjs <<'PROGRAM'
const found = ['zod3', 'zod40', 'zod'].map((name) => {
  const { z } = require(name);
  const object = z.object({ reason: z.unknown() });
  const result = {
    version: require(`${name}/package.json`).version,
    'without the key': object.safeParse({}).success,
    'with undefined': object.safeParse({ reason: undefined }).success,
    'the value alone': z.unknown().safeParse(undefined).success,
  };
  console.log(JSON.stringify(result));
  return result['without the key'];
});
if (found.join() !== 'true,true,false') {
  console.log('Changed: the versions read an object without the key otherwise.');
  process.exit(1);
}
console.log('As found: 4.6.7 refuses an object without the key, the earlier ones read it.');
PROGRAM
node read.cjs
