#!/bin/sh
# LibreOffice Calc 7.4.7: what its CSV import dialog proposes (tab, comma and semicolon ticked) makes a live formula of a text that
# stands in quotes, when the file's own separator is another one, such as the pipe.
#
# Expected: quotes hold a text together: 27821234567|"Stop;=1+1" is one cell, or two, and never 2.
# Seen: as the pipe is no separator for it, the quotes stand in the middle of a field and count for nothing; the row is cut at the
# semicolon. Quotes alone do not keep a text from becoming a formula: a sign after each possible separator has to be made harmless.
# Without the dialog (headless) Calc splits at commas alone.
#
# Needs soffice (Debian: apt-get install --no-install-recommends libreoffice-calc); it installs nothing itself. One valid file,
# in a temporary folder. Exits with 1 when that is no longer so.
set -eu
command -v soffice >/dev/null || { echo 'There is no soffice: apt-get install --no-install-recommends libreoffice-calc'; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
soffice --version
printf 'Number|Reply|Kind\n27821234567|"Stop;=1+1;x"|Reply\n' >pipe.csv
# 9, 44, 59: tab, comma, semicolon; 34: the quote; 76: UTF-8.
soffice "-env:UserInstallation=file://$folder/profile" --headless \
  --infilter='Text - txt - csv (StarCalc):9/44/59,34,76,1,,1033,false,false' \
  --convert-to 'csv:Text - txt - csv (StarCalc):94,34,76,1' --outdir out pipe.csv >/dev/null 2>&1
cat out/pipe.csv
if grep -q '\^2\^' out/pipe.csv; then
  echo 'As found: =1+1 has become 2.'
else
  echo 'Changed: =1+1 has not become 2.'
  exit 1
fi
