import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const zone = 'app/(client-zone)';
/** What Auto Opt-Outs is made of, from the outside in. */
const entries = [
  'app/layout.tsx',
  'app/error.tsx',
  `${zone}/layout.tsx`,
  `${zone}/error.tsx`,
  `${zone}/messages/opt-outs/(list)/loading.tsx`,
  `${zone}/messages/opt-outs/(list)/page.tsx`,
];

/** What a browser fetches before anything is pressed: files of ours, and packages by their names. */
async function listFirstLoad(): Promise<{ doors: string[]; files: string[]; packages: string[] }> {
  const { metafile } = await build({
    entryPoints: entries,
    outdir: 'nowhere',
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    splitting: true,
    packages: 'external',
    loader: { '.css': 'empty' },
    logLevel: 'silent',
  });
  const { inputs } = metafile;
  const packages = new Set<string>();
  /** All that these import, and what that imports, without what is fetched when it is needed. */
  const follow = (from: readonly string[]) => {
    const found = new Set(from);
    for (const file of found) {
      for (const { path, kind, external } of inputs[file]?.imports ?? []) {
        if (kind !== 'import-statement') continue;
        if (external) packages.add(path);
        else found.add(path);
      }
    }
    return [...found];
  };
  const doors = follow(entries).filter(isForBrowsers);
  packages.clear();
  const files = follow(doors);
  return { doors, files, packages: [...packages].sort() };
}

function isForBrowsers(file: string): boolean {
  return /^\s*['"]use client['"]/.test(readFileSync(file, 'utf8'));
}

test('Auto Opt-Outs is fetched with the few packages it is built on, and without what opens at a press', async () => {
  const { files, packages } = await listFirstLoad();
  expect(files).toContain('components/data-table/table-rows.tsx');
  expect(packages).toEqual([
    '@tanstack/react-table',
    'clsx',
    'lucide-react',
    'next/link',
    'next/navigation',
    'react',
    'react-dom',
    'react/jsx-runtime',
  ]);
  // how a number is shown, and not how one is read
  expect(files.filter((file) => file.startsWith('lib/sms/'))).toEqual(['lib/sms/format-msisdn.ts']);
  expect(files.filter((file) => /-dialog\.tsx$|-detail\.tsx$|-panel\.tsx$/.test(file))).toEqual([]);
});

test('what it is fetched with beside React, Next.js and TanStack Table stays small', async () => {
  const { doors } = await listFirstLoad();
  const { outputFiles, metafile } = await build({
    stdin: { contents: doors.map((file) => `export * from './${file}'`).join('\n'), resolveDir: '.' },
    outdir: 'nowhere',
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    external: ['react', 'react-dom', 'react/jsx-runtime', 'next/*', '@tanstack/*'],
    loader: { '.css': 'empty' },
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  // the first, and what it imports: all others are fetched when they are needed
  const names = new Set(['nowhere/stdin.js']);
  for (const name of names) {
    for (const { path, kind, external } of metafile.outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && !external) names.add(path);
    }
  }
  const bytes = outputFiles
    .filter(({ path }) => [...names].some((name) => path.endsWith(name)))
    .reduce((sum, { contents }) => sum + gzipSync(contents).length, 0);
  // React and Next.js take 137 KB, the table 13; the build cuts this into seven files, which takes two more
  expect(bytes).toBeGreaterThan(20 * 1024);
  expect(bytes).toBeLessThan(32 * 1024);
});
