import { readFileSync } from 'node:fs';
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
async function listFirstLoad(): Promise<{ files: string[]; packages: string[] }> {
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
  const onServer = follow(entries);
  packages.clear();
  const files = follow(onServer.filter(isForBrowsers));
  return { files, packages: [...packages].sort() };
}

function isForBrowsers(file: string): boolean {
  return /^\s*['"]use client['"]/.test(readFileSync(file, 'utf8'));
}

test('Auto Opt-Outs is fetched with the few packages it is built on, and without what opens at a press', async () => {
  const { files, packages } = await listFirstLoad();
  expect(files).toContain('components/data-table/table-rows.tsx');
  expect(packages).toEqual([
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
