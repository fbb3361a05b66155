#!/bin/sh
# Gnumeric 1.12.55 (ssconvert): a CSV whose first field stands in quotes loses all other columns, unless the separator is a comma.
#
# Expected: RFC 4180 lets any field stand in quotes; "Stop";27821234567 is two cells, as Stop;27821234567 is.
# Seen: the row is one cell, Stop; the rest is gone without a word. With a comma both cells are there; without quotes nothing is lost.
#
# Needs ssconvert (Debian: apt-get install --no-install-recommends gnumeric); it installs nothing itself. Valid files of three
# lines, in a temporary folder. Exits with 1 when that is no longer so.
set -eu
command -v ssconvert >/dev/null || { echo 'There is no ssconvert: apt-get install --no-install-recommends gnumeric'; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
ssconvert --version 2>&1 | head -n 1
printf 'Reply;Number\n"Stop";27821234567\n"Hello";27821234568\n' >quoted-semicolon.csv
printf 'Reply;Number\nStop;27821234567\nHello;27821234568\n' >plain-semicolon.csv
printf 'Reply,Number\n"Stop",27821234567\n"Hello",27821234568\n' >quoted-comma.csv
for name in quoted-semicolon plain-semicolon quoted-comma; do
  ssconvert "$name.csv" "$name-out.csv" 2>/dev/null
  echo "$name: $(sed -n 2p "$name-out.csv")"
done
grep -q 27821234567 plain-semicolon-out.csv
grep -q 27821234567 quoted-comma-out.csv
if grep -q 27821234567 quoted-semicolon-out.csv; then
  echo 'Changed: the other column is there.'
  exit 1
fi
echo 'As found: the other column is lost.'
