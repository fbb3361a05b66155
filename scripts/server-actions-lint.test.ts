import { describe, expect, test } from 'vitest';
import { lintSample } from '@/testing/lint';
import serverActions from './server-actions-lint.mjs';

/** What a rule says of a page, as message ids. */
const lint = (rule: keyof typeof serverActions.rules, code: string) =>
  lintSample(serverActions.rules[rule], code, 'app/page.tsx').map(({ messageId }) => messageId);

describe('a server action on a page', () => {
  const begin = `import { plant, type Planted } from '@/lib/tulips/actions';\n`;

  test.each([
    ['as a property', '<Bed plant={plant} />'],
    ['among others', '<Bed actions={{ plant, pull: plant }} />'],
    ['when it may be used', '<Bed plant={isOpen ? plant : null} more={isOpen && plant} />'],
    ['to a part of a component', '<Bed.Row plant={plant} />'],
  ])('is handed on %s', (_, page) => {
    expect(lint('hand-on', `${begin}export default () => ${page};`)).toEqual([]);
  });

  test.each([
    ['called', 'const planted = await plant(1);'],
    ['called later', 'const later = () => plant(1);'],
    ['bound', '<Bed plant={plant.bind(null, 1)} />'],
    ['given another name', 'const sow = plant;'],
    ['handed to a function', '<Bed plant={wrap(plant)} />'],
    ['wrapped', '<Bed plant={async () => { await plant(1); }} />'],
    ['given to an element that calls it by itself', '<form action={plant} />'],
    ['exported', 'export { plant };'],
    ['asked whether it is there', '<Bed isOpen={plant ? 1 : 2} />'],
  ])('is not %s', (_, code) => {
    expect(lint('hand-on', `${begin}${code}`)).toEqual(['handOn']);
  });

  test.each([
    `import * as actions from '@/lib/tulips/actions';`,
    `import plant from '@/lib/tulips/bed-actions';`,
    `const { plant } = await import('@/lib/tulips/actions');`,
    `export { plant } from '@/lib/tulips/actions';`,
    `export * from '@/lib/tulips/actions';`,
  ])('is imported by its name, not by %s', (code) => {
    expect(lint('hand-on', code)).toEqual(['byName']);
  });

  test('is what comes from a file of actions: not a type, not a command', () => {
    const code = `import type { Planted } from '@/lib/tulips/actions';
      import { plant } from '@/lib/tulips/commands';
      export const planted: Planted = plant(1);`;
    expect(lint('hand-on', code)).toEqual([]);
  });
});

describe('what answers with a promise', () => {
  test('is asked for as an action', () => {
    expect(lint('ask-for-action', 'interface Props { plant: (tulip: number) => Promise<void> }')).toEqual([
      'ask',
    ]);
    expect(lint('ask-for-action', 'interface Props { plant(tulip: number): Promise<void> }')).toEqual([
      'ask',
    ]);
    expect(lint('ask-for-action', 'function Bed(props: { plant?: () => Promise<void> }) {}')).toEqual([
      'ask',
    ]);
  });

  test('is no matter where it is not asked for', () => {
    const code = `interface Props { plant: ServerAction<[number]>; onPull: () => void }
      async function load(): Promise<number> { return 1; }`;
    expect(lint('ask-for-action', code)).toEqual([]);
  });
});
