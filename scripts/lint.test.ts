/** Whether lint as it is set up (.oxlintrc.json) sees what it should, in the files where it should. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { lintTree } from '@/testing/lint';

const root = path.resolve(import.meta.dirname, '..');

test('the gates’ rules are on for all that a browser can reach, but for routes with a gate of their own', async () => {
  const list = async (folder: string, name: RegExp) =>
    (await readdir(path.join(root, folder), { recursive: true }))
      .map((file) => path.posix.join(folder, file))
      .filter((file) => name.test(file));
  const actions = [...(await list('lib', /[/-]actions\.ts$/)), 'components/tulips/tulip.tsx'];
  const routes = await list('app', /\/route\.tsx?$/);
  const pages = await list('app', /\/page\.tsx$/);
  expect([actions.length > 10, routes.length > 10, pages.length > 20]).toEqual([true, true, true]);

  const found = await lintTree(
    Object.fromEntries([
      ...actions.map((file) => [file, `'use server';\nexport async function plant() {}`]),
      ...routes.map((file) => [file, 'export async function GET() {}']),
      ...pages.map((file) => [file, 'export default async function Page() {}']),
    ]),
  );
  const lacking = (files: readonly string[], rule: string) =>
    files.filter((file) => !found.get(file)?.includes(`gates(${rule})`)).sort();
  expect(lacking(actions, 'action-has-gate')).toEqual([]);
  expect(lacking(pages, 'page-has-gate')).toEqual([]);
  expect(lacking(routes, 'route-has-gate')).toEqual([
    'app/api/[...path]/route.ts',
    'app/api/auth/[...nextauth]/route.ts',
    'app/api/carrier/[carrier]/kannel/receipt/route.ts',
    'app/api/carrier/[carrier]/kannel/reply/route.ts',
    'app/api/carrier/[carrier]/receipt/route.ts',
    'app/api/carrier/[carrier]/reply/route.ts',
    'app/api/rest/v1/[[...path]]/route.ts',
    'app/api/v2/[[...path]]/route.ts',
    'app/api/v2/openapi.json/route.ts',
    'app/healthz/route.ts',
    'app/metrics/route.ts',
    'app/readyz/route.ts',
  ]);
});

test('each rule is on where it is meant to be', async () => {
  const query = `export const read = (pool: any) => pool.query('select 1');`;
  const found = await lintTree({
    // Who may import whom.
    'lib/replies/tulips.ts': `export { a } from '@/lib/worker/a'; export { page } from '../../app/page';`,
    'lib/replies/tulips.test.ts': `export { a } from '@/lib/worker/a';`,
    'lib/env.ts': `export { a } from './sms/a';\nexport const all = process.env;`,
    'lib/sms/bed.ts': `export { env } from '@/lib/env';`,
    'lib/tulips/attribute.ts': `export { attribute } from '../replies/attribution';`,
    'proxy.ts': `export { a } from '@/testing/a'; export { b } from '@/lib/replies/attribution';`,
    'app/mint.ts': `import { mintStaff } from '@/lib/auth/scope'; export const a = mintStaff;`,
    'lib/auth/mint.ts': `import { mintStaff } from './scope'; export const a = mintStaff;`,
    'components/tulips/reads.tsx': `export { a } from '@/lib/tulips/queries'; export { b } from '@/lib/tulips/list';`,
    // What is read and sent in one place.
    'lib/tulips/environment.ts': 'export const all = process.env;',
    'lib/tulips/sends.ts': query.replace('any', 'never'),
    'lib/db/sends.ts': query,
    'scripts/opens.ts': 'export const options = { connectionString: String(process.argv[2]) };',
    'lib/tulips/speaks.ts': `console.log('tulip');`,
    // Circles, of types too.
    'components/tulips/circle.ts': `import type { B } from '@/components/tulips/circle-back'; export type A = B | 1;`,
    'components/tulips/circle-back.ts': `import type { A } from './circle'; export type B = A | 2;`,
    'bench/named.mjs': `import { missing } from './names.mjs'; missing();`,
    'bench/names.mjs': 'export const there = 1;',
    // What is drawn.
    'components/tulips/draws.tsx': `import { useEffect, useRef, useState } from 'react';
      export function Sets({ list }: { list: number[] }) {
        const [count, setCount] = useState(0);
        useEffect(() => { setCount(list.length); }, [list]);
        return <b className="break-words">{count}</b>;
      }
      export function Reads() { const tulip = useRef(0); return <b>{tulip.current}</b>; }
      export function Changes({ rose }: { rose: { n: number } }) { rose.n = 1; return <b>{rose.n}</b>; }
      export function Guesses() { return <b>{Math.random()}</b>; }
      export function Nests() { const Bud = () => <b />; return <Bud />; }
      export function Hooks({ isOpen }: { isOpen: boolean }) { if (isOpen) useState(1); return <b />; }
      export function Forgets({ a }: { a: number }) { useEffect(() => { document.title = String(a); }, []); return <b />; }
      export function Shows() { return [<img key="a" src="a.png" />, <b aria-nothing="a" />]; }`,
    // What each file keeps to.
    'bench/old.ts': `var a: any = 1; if (a == 2) a!.b();\n/** ${'x'.repeat(110)} */`,
    'bench/unused.ts': `import { A } from './old'; let b = 1; const c = 2; export const d: A = b;`,
  });
  expect(Object.fromEntries([...found].sort())).toEqual({
    'app/mint.ts': ['eslint(no-restricted-imports)'],
    'bench/named.mjs': ['import(named)'],
    'bench/old.ts': [
      'comments(within-columns)',
      'eslint(eqeqeq)',
      'eslint(no-var)',
      'typescript(no-explicit-any)',
      'typescript(no-non-null-assertion)',
    ],
    'bench/unused.ts': [
      'eslint(no-unused-vars)',
      'eslint(prefer-const)',
      'typescript(consistent-type-imports)',
    ],
    'components/tulips/circle-back.ts': ['import(no-cycle)'],
    'components/tulips/circle.ts': ['import(no-cycle)'],
    'components/tulips/draws.tsx': [
      'house(wrap-anywhere)',
      'jsx-a11y(alt-text)',
      'jsx-a11y(aria-props)',
      'next(no-img-element)',
      'react(immutability)',
      'react(jsx-key)',
      'react(purity)',
      'react(refs)',
      'react(set-state-in-effect)',
      'react(static-components)',
      'react-hooks(exhaustive-deps)',
      'react-hooks(rules-of-hooks)',
    ],
    'components/tulips/reads.tsx': ['rooms(import-downwards)'],
    'lib/db/sends.ts': ['typescript(no-explicit-any)'],
    'lib/env.ts': ['rooms(import-public-files)'],
    'lib/replies/tulips.ts': [
      'rooms(import-downwards)',
      'rooms(import-downwards)',
      'rooms(import-public-files)',
    ],
    'lib/sms/bed.ts': ['rooms(import-downwards)'],
    'lib/tulips/attribute.ts': ['rooms(import-public-files)'],
    'lib/tulips/environment.ts': ['house(environment-in-one-file)'],
    'lib/tulips/sends.ts': ['house(sql-is-a-statement)'],
    'lib/tulips/speaks.ts': ['eslint(no-console)'],
    'proxy.ts': ['rooms(import-downwards)', 'rooms(import-public-files)'],
    'scripts/opens.ts': ['house(session-in-utc)'],
  });
});
