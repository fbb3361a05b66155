import { describe, expect, test } from 'vitest';
import { lintSample } from '@/testing/lint';
import gates from './gates-lint.mjs';

/** What the rule says of a file, as message ids. */
const lint = (rule: keyof typeof gates.rules, code: string, filename: string) =>
  lintSample(gates.rules[rule], code, filename).map(({ messageId }) => messageId);

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
