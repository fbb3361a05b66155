#!/bin/sh
# playwright-core 1.65.1 with Chromium 150 (any Chromium of that age will do), isMobile: true, as its descriptors
# of phones have it.
#
# Expected: on a page with <meta name="viewport" content="width=device-width">, window.innerWidth is the width of
# the emulated phone, so that "scrollWidth - innerWidth" says how much of the page lies beside it.
# Seen: innerWidth grows with the page: 506 on a phone of 360 with a box of 506. So the difference is 0 however
# wide the page is, and a test for overflow passes on phones alone. Without isMobile innerWidth stays 360, and
# documentElement.clientWidth and visualViewport.width do so in both.
#
# Exits with 1 when that is no longer so. Chromium: $CHROMIUM, or as Debian installs it.
set -eu
chromium=${CHROMIUM:-$(command -v chromium-headless-shell || command -v chromium)}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts --save-exact playwright-core@1.65.1
cat >measure.mjs <<'EOF'
import { chromium } from 'playwright-core';
const browser = await chromium.launch({ executablePath: process.argv[2], args: ['--no-sandbox'] });
console.log(browser.version());
const measure = async (isMobile) => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile });
  const page = await context.newPage();
  await page.setContent(`<!doctype html><meta name="viewport" content="width=device-width, initial-scale=1">
    <body style="margin: 0"><div style="width: 506px">wide</div>`);
  const widths = await page.evaluate(() => {
    const { scrollWidth: scroll, clientWidth: client } = document.documentElement;
    return { scroll, inner: innerWidth, client, visual: Math.round(visualViewport.width) };
  });
  console.log(isMobile ? 'mobile' : 'narrow', widths);
  return widths;
};
const narrow = await measure(false);
const mobile = await measure(true);
await browser.close();
const isAsFound =
  narrow.inner === 360 && mobile.inner > 500 && mobile.client === 360 && mobile.visual === 360 && narrow.client === 360;
console.log(isAsFound ? 'As found: on a phone innerWidth grows with the page.' : 'Changed.');
process.exitCode = isAsFound ? 0 : 1;
EOF
node measure.mjs "$chromium"
