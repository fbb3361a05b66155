#!/bin/sh
# papaparse 5.7.1: one odd quotation mark takes the following rows with it and gives the row another row's number; and the separator
# of a list of fewer than ten lines is not found when a line break ends the last one.
#
# 1. A CSV in which row 2 begins with "Piet" Botha (a nickname in quotation marks), and rows follow that are in order.
#    Expected: what is said to be wrong is row 2; rows 3 and 4 are there, as each is whole.
#    Seen: rows 3 and 4 are gone, and row 2 has the number of row 5: the mark that closes the quotation is the one that opens
#    "Berg, P" there. Two errors "InvalidQuotes", both of row 1 (from 0) at the same index, are all that is said.
# 2. Two columns parted by semicolons, each line ended by a line break, as nearly all programs write them.
#    Expected: the separator is ";" however many lines there are.
#    Seen: with one to nine lines it is "," and each line is one field (UndetectableDelimiter); with ten or more it is ";". The empty
#    row behind the last line break is counted as a row of one field, and the average must be above 1.99. Without the last line
#    break, or with skipEmptyLines, it is found.
#
# Installs papaparse in a temporary folder. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error papaparse@5.7.1
cat >measure.mjs <<'PROGRAM'
import Papa from 'papaparse';

const list = [
  'name,number',
  '"Piet" Botha,0821234567',
  'Anna,0831234567',
  'Thandi,0841234567',
  '"Berg, P",0851234567',
  'Neo,0861234567',
].join('\n');
const { data, errors } = Papa.parse(list, { delimiter: ',' });
console.log('1.', JSON.stringify(data), JSON.stringify(errors));
const isSwallowed =
  data.length === 3 && data[1][1] === '0851234567' && errors.every(({ code, row }) => code === 'InvalidQuotes' && row === 1);

const guess = (lines, end, options) =>
  Papa.parse(Array.from({ length: lines }, (_, index) => `Client ${index};082123456${index % 10}`).join('\n') + end, options).meta.delimiter;
const counts = Array.from({ length: 12 }, (_, index) => index + 1);
const ended = counts.map((lines) => guess(lines, '\n'));
const open = counts.map((lines) => guess(lines, ''));
const skipping = counts.map((lines) => guess(lines, '\n', { skipEmptyLines: true }));
console.log('2. with a last line break, 1 to 12 lines:', ended.join(' '));
console.log('   without it:                           ', open.join(' '));
console.log('   with it, and skipEmptyLines:          ', skipping.join(' '));
const isMissed =
  ended.every((separator, index) => separator === (index < 9 ? ',' : ';')) &&
  [...open, ...skipping].every((separator) => separator === ';');

console.log(isSwallowed && isMissed ? 'As seen.' : 'No longer as seen.');
process.exit(isSwallowed && isMissed ? 0 : 1);
PROGRAM
node measure.mjs
