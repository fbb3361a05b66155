#!/bin/sh
# pdfkit 0.20.2: a font file that the document is made with (option `font`) and that is then registered under a name is read and
# parsed again at each use of the name (here 52 instead of 2 times). Expected: once, as a font that is not the document's own.
# The cause: `font(name)` finds an equal font under the file's own name and returns it without remembering the name.
# Exits with 0 while this is so, with 1 when it has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error --ignore-scripts pdfkit@0.20.2 dejavu-fonts-ttf@2.37.3

cat >try.cjs <<'JS'
const PDFDocument = require('pdfkit');
const regular = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const bold = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');

function countReads(options, names) {
  const pdf = new PDFDocument(options);
  if (names.regular) pdf.registerFont(names.regular, regular);
  pdf.registerFont('bold', bold);
  const start = performance.now();
  for (let line = 0; line < 50; line++) {
    pdf.font('bold').text('Stop');
    pdf.font(names.regular ?? regular).text('Stop');
  }
  pdf.resume();
  pdf.end();
  // counts each font that was opened
  return { reads: pdf._fontCount, ms: Math.round(performance.now() - start) };
}

const registered = countReads({ font: regular }, { regular: 'regular' });
const byFile = countReads({ font: regular }, {});
const notOwn = countReads({}, { regular: 'regular' });
console.log('the document’s own font, registered under a name:', registered);
console.log('the document’s own font, by its file:            ', byFile);
console.log('both registered under names, neither the own:     ', notOwn);
const isAsFound = registered.reads > 50 && byFile.reads === 2 && notOwn.reads === 3;
process.exit(isAsFound ? 0 : 1);
JS
node try.cjs
