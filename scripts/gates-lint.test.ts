import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { gates } from './gates-lint.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** What the rule says of a file, as message ids. */
function lint(rule: string, code: string, filename: string): (string | undefined)[] {
  const messages = new Linter({ cwd: root }).verify(
    code,
    {
      files: ['**/*.ts', '**/*.tsx'],
      plugins: { gates },
      languageOptions: { parser },
      rules: { [`gates/${rule}`]: 'error' },
    },
    { filename: path.join(root, filename) },
  );
  return messages.map(({ messageId, message }) => messageId ?? message);
}

describe('a server action', () => {
  const file = 'lib/tulips/actions.ts';
  const begin = `'use server';\nimport { customerAction, staffAction } from '@/lib/auth/make-action';\n`;

  test('that a wrapper makes is as it should be, and so are types beside it', () => {
    const code = `export const plant = customerAction(tulip, plantTulip, {});
      export const pull = staffAction(tulip, pullTulip, {});
      export type Planted = { ok: true };
      export interface Bed { tulips: number }
      const helper = () => 7;`;
    expect(lint('action-has-gate', begin + code, file)).toEqual([]);
    expect(
      lint(
        'action-has-gate',
        `'use server'; import { simulatorAction } from './simulator-gate'; export const send = simulatorAction(text, reply, {});`,
        'lib/carriers/simulator-actions.ts',
      ),
    ).toEqual([]);
  });

  test.each([
    ['is a function', 'export async function plant() {}'],
    ['is an arrow', 'export const plant = async () => {};'],
    ['is made by something else', 'export const plant = wrap(tulip, plantTulip);'],
    ['is handed on', 'export { plant };'],
    ['is handed on from elsewhere', `export { plant } from './commands';`],
    ['is whatever there is elsewhere', `export * from './commands';`],
    ['is the default', 'export default customerAction(tulip, plantTulip, {});'],
    [
      'stands beside one with a gate',
      'export const plant = customerAction(a, b, {}), pull = async () => {};',
    ],
  ])('that %s has no gate', (_, code) => {
    expect(lint('action-has-gate', begin + code, file)).toEqual(['noGate']);
  });

  test('whose wrapper only has the name of one has no gate', () => {
    const code = `'use server'; import { customerAction } from './own'; export const plant = customerAction(a, b, {});`;
    expect(lint('action-has-gate', code, file)).toEqual(['noGate']);
  });

  test('lies where it is looked for', () => {
    expect(
      lint('action-has-gate', `'use server'; export async function plant() {}`, 'lib/tulips/plant.ts'),
    ).toEqual(['elsewhere']);
    const inline = `export default function Page() { async function plant() { 'use server'; } }`;
    expect(lint('action-has-gate', inline, 'app/tulips/page.tsx')).toEqual(['elsewhere']);
    expect(lint('action-has-gate', `${begin} async function plant() { 'use server'; }`, file)).toEqual([
      'elsewhere',
    ]);
  });
});

describe('a route', () => {
  const file = 'app/api/tulips/route.ts';

  test('that a wrapper makes is as it should be', () => {
    const code = `import { customerRoute } from '@/lib/auth/make-route';
      export const dynamic = 'force-dynamic';
      export const GET = customerRoute({}, () => new Response());`;
    expect(lint('route-has-gate', code, file)).toEqual([]);
    const rest = `import { restRoute } from '@/lib/rest-v1/make-rest-route';
      export const { GET, POST } = restRoute({}, answer);`;
    expect(lint('route-has-gate', rest, file)).toEqual([]);
  });

  test.each([
    ['is a function', 'export async function GET() {}'],
    ['is an arrow', 'export const POST = async () => new Response();'],
    ['is handed on', `import { answer } from './answer'; export { answer as PUT };`],
    ['is whatever there is elsewhere', `export * from './answer';`],
    [
      'has a wrapper of actions',
      `import { openAction } from '@/lib/auth/make-action'; export const GET = openAction();`,
    ],
    ['is taken out of something else', 'export const { GET, POST: PUT } = wrap(plant);'],
  ])('that %s has no gate', (_, code) => {
    expect(lint('route-has-gate', code, file)).toEqual(['noGate']);
  });
});

describe('a page', () => {
  const file = 'app/tulips/page.tsx';

  test('that a wrapper makes is as it should be', () => {
    const code = `import { staffPage } from '@/lib/auth/make-page';
      export const metadata = {};
      export default staffPage({}, () => null);`;
    expect(lint('page-has-gate', code, file)).toEqual([]);
  });

  test.each([
    ['is a function', 'export default async function Page() {}'],
    ['is handed on', `export { Page as default } from './tulips';`],
    [
      'is named only',
      `import { staffPage } from '@/lib/auth/make-page'; const page = staffPage({}, () => null); export default page;`,
    ],
  ])('that %s has no gate', (_, code) => {
    expect(lint('page-has-gate', code, file)).toEqual(['noGate']);
  });
});

test('the rules are on for every file that a browser can reach, but for the routes with a gate of their own', async () => {
  const eslint = new ESLint({ cwd: root });
  const isOn = async (file: string, rule: string) => {
    const { rules } = (await eslint.calculateConfigForFile(path.join(root, file))) as Linter.Config;
    return JSON.stringify(rules?.[`gates/${rule}`] ?? [0]).startsWith('[2');
  };
  const list = async (folder: string, name: RegExp) =>
    (await readdir(path.join(root, folder), { recursive: true }))
      .map((file) => path.join(folder, file))
      .filter((file) => name.test(file));

  const actions = await list('lib', /[/-]actions\.ts$/);
  const routes = await list('app', /\/route\.tsx?$/);
  const pages = await list('app', /\/page\.tsx$/);
  expect([actions.length > 10, routes.length > 10, pages.length > 20]).toEqual([true, true, true]);
  for (const file of [...actions, 'components/tulips/tulip.tsx']) {
    expect(await isOn(file, 'action-has-gate'), file).toBe(true);
  }
  for (const file of pages) expect(await isOn(file, 'page-has-gate'), file).toBe(true);
  const exceptions: string[] = [];
  for (const file of routes) if (!(await isOn(file, 'route-has-gate'))) exceptions.push(file);
  expect(exceptions.sort()).toEqual([
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
