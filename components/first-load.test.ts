import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';
import { rewriteIcon } from '../scripts/icon-loader.mjs';

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

/** Icons as next.config.ts has them built. */
function drawIcons(used: ReadonlySet<string>): Plugin {
  return {
    name: 'icons',
    setup({ onLoad }) {
      // esbuild would read all two thousand.
      onLoad({ filter: /lucide-react\.mjs$/ }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replaceAll(
          /^export \{(.*)\} from .*$/gm,
          (line, names: string) =>
            [...names.matchAll(/default as (\w+)/g)].some(([, name = '']) => used.has(name)) ? line : '',
        ),
      }));
      onLoad(
        { filter: /lucide-react\/dist\/esm\/(createLucideIcon|icons\/[\w-]+)\.mjs$/ },
        async ({ path }) => ({
          contents: path.endsWith('/index.mjs') ? '' : await rewriteIcon(path, readFileSync(path, 'utf8')),
        }),
      );
    },
  };
}

/** The names of the icons that these files import. */
function listIcons(files: readonly string[]): Set<string> {
  const imports = files.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/import \{([^}]*)\} from 'lucide-react'/g),
  ]);
  return new Set(imports.flatMap(([, names = '']) => names.match(/\w+/g) ?? []));
}

interface FirstLoad {
  /** Where the server's parts of the page lead to the browser's. */
  doors: string[];
  files: string[];
  packages: string[];
  /** All that the page is made of, on the server and later too. */
  all: string[];
}

/** What a browser fetches before anything is pressed: files of ours, and packages by their names. */
async function listFirstLoad(): Promise<FirstLoad> {
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
  return { doors, files, packages: [...packages].sort(), all: Object.keys(inputs) };
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
  expect(files.filter((file) => /-dialog\.tsx$|-detail\.tsx$|-panel\.tsx$|-items\.tsx$/.test(file))).toEqual(
    [],
  );
  // nor what comes once the page can be used
  expect(files).toContain('components/live/event-stream.ts');
  expect(files).not.toContain('components/live/shared-stream.ts');
  expect(files).not.toContain('components/actions/use-action.ts');
});

test('what it is fetched with beside React and Next.js stays small', async () => {
  const { doors, all } = await listFirstLoad();
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
    external: ['react', 'react-dom', 'react/jsx-runtime', 'next/*'],
    loader: { '.css': 'empty' },
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [drawIcons(listIcons(all))],
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
  // 36 KB: 26 are ours, and 10 TanStack Table; React and Next.js take 137 more
  expect(bytes).toBeGreaterThan(25 * 1024);
  expect(bytes).toBeLessThan(36 * 1024);
});
