/**
 * Takes out of a finished build what only a build, a browser or whoever develops needs, so that the image is
 * half as large: run by the Dockerfile, in the project's folder. Fails when something would be missing that
 * Next.js has found the pages to need.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/** What the pages load on the server, as the build has written it down beside each of them. */
async function listTraced() {
  const traced = new Set();
  for (const file of await readdir('.next', { recursive: true })) {
    if (!file.endsWith('.nft.json')) continue;
    const trace = path.join('.next', file);
    const { files } = JSON.parse(await readFile(trace, 'utf8'));
    for (const each of files) traced.add(path.join(path.dirname(trace), each));
  }
  return [...traced].filter((file) => file.startsWith('node_modules/') && existsSync(file));
}

const traced = await listTraced();
if (traced.length === 0) throw new Error('The build has not said what its pages need.');

// What `npm prune --omit=dev` leaves, as another package could make use of it: Prisma's command line,
// TypeScript, Playwright.
const { packages } = JSON.parse(await readFile('node_modules/.package-lock.json', 'utf8'));
const ofDevelopment = Object.keys(packages).filter(
  (name) => packages[name].devOptional && !traced.some((file) => file.startsWith(`${name}/`)),
);

const unneeded = [
  // Next.js's compiler, and what it compiles from.
  /^node_modules\/@next\/swc-/,
  /^node_modules\/next\/dist\/(docs|esm)\//,
  // Next.js's own debugging, and Prisma's compilers for other databases.
  /^node_modules\/next\/dist\/compiled\/.*\.runtime\.dev\.js$/,
  /^node_modules\/@prisma\/client\/runtime\/query_compiler_(?!.*\.postgresql\.)/,
  // What tools read.
  /^node_modules\/.*\.(map|d\.[cm]?ts)$/,
];

for (const name of ofDevelopment) await rm(name, { recursive: true, force: true });
for (const file of await readdir('node_modules', { recursive: true })) {
  const whole = path.join('node_modules', file);
  if (unneeded.some((pattern) => pattern.test(whole))) await rm(whole, { recursive: true, force: true });
}

const missing = traced.filter((file) => !existsSync(file) && !/\.(map|d\.[cm]?ts)$/.test(file));
if (missing.length > 0) throw new Error(`The pages need what was taken out: ${missing.join(', ')}`);
