import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areAll, divideRoutes, listUncovered, shareCount, type Route } from './routes';

const carriers = ['a', 'b', 'c', 'd'];
const digits = fc.string({ unit: fc.constantFrom('2', '7', '8'), maxLength: 4 });
const route = fc.record({
  prefix: digits,
  carrier: fc.constantFrom(...carriers),
  priority: fc.integer({ min: 1, max: 3 }),
  weight: fc.integer({ min: 1, max: 9 }),
});
/** One route for each prefix and carrier, as the table has it. */
const routes = fc.uniqueArray(route, {
  selector: ({ prefix, carrier }) => `${prefix}>${carrier}`,
  maxLength: 12,
});
const usable = fc.subarray(carriers).map((names) => new Set(names));
const number = fc.string({ unit: fc.constantFrom('2', '7', '8', '0', '9'), minLength: 1, maxLength: 7 });

/** The carriers that a number's messages go to, read off the table as a person would. */
function expectCarriers(all: readonly Route[], open: ReadonlySet<string>, msisdn: string): string[] {
  const candidates = all.filter(({ prefix, carrier }) => msisdn.startsWith(prefix) && open.has(carrier));
  candidates.sort((one, other) => other.prefix.length - one.prefix.length || one.priority - other.priority);
  const [best] = candidates;
  return candidates
    .filter(({ prefix, priority }) => prefix === best?.prefix && priority === best.priority)
    .map(({ carrier }) => carrier)
    .sort();
}

function findCarriers(parts: ReturnType<typeof divideRoutes>, msisdn: string, share: number): string[] {
  return [...parts].flatMap(([carrier, own]) =>
    own
      .filter(
        ({ fromNumber, belowNumber, fromShare, belowShare }) =>
          msisdn >= fromNumber && msisdn < belowNumber && share >= fromShare && share < belowShare,
      )
      .map(() => carrier),
  );
}

const parameters = { seed: 2026, numRuns: 300 };

test('each message has exactly one carrier, if its number has a route', () => {
  fc.assert(
    fc.property(routes, usable, number, (all, open, msisdn) => {
      const parts = divideRoutes(all, open);
      const expected = expectCarriers(all, open, msisdn);
      const found = new Set<string>();
      const edges = [...parts.values()]
        .flat()
        .flatMap(({ fromShare, belowShare }) => [fromShare, belowShare - 1]);
      for (const share of new Set([0, shareCount - 1, ...edges])) {
        const takers = findCarriers(parts, msisdn, share);
        expect(takers).toHaveLength(expected.length === 0 ? 0 : 1);
        takers.forEach((taker) => found.add(taker));
      }
      expect([...found].sort()).toEqual(expected);
    }),
    parameters,
  );
});

test('shares are as the weights are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }), (weights) => {
      const all = weights.map((weight, index) => ({
        prefix: '',
        carrier: carriers[index] as string,
        priority: 1,
        weight,
      }));
      const parts = divideRoutes(all, new Set(carriers));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      for (const { carrier, weight } of all) {
        const [part] = parts.get(carrier) ?? [];
        const share = (part?.belowShare ?? 0) - (part?.fromShare ?? 0);
        expect(Math.abs(share - (shareCount * weight) / total)).toBeLessThanOrEqual(1);
      }
    }),
    parameters,
  );
});

test('who fails over to whom', () => {
  const all: Route[] = [
    { prefix: '', carrier: 'a', priority: 1, weight: 1 },
    { prefix: '2782', carrier: 'b', priority: 1, weight: 1 },
    { prefix: '2782', carrier: 'c', priority: 2, weight: 1 },
  ];
  const takers = (...open: string[]) => findCarriers(divideRoutes(all, new Set(open)), '27825550101', 500);
  expect(takers('a', 'b', 'c')).toEqual(['b']);
  expect(takers('a', 'c')).toEqual(['c']);
  expect(takers('a')).toEqual(['a']);
  expect(takers()).toEqual([]);
});

test('a carrier that takes all is known as such, so that its messages need no look', () => {
  const everything = { prefix: '', carrier: 'a', priority: 1, weight: 7 };
  const all = [everything, { prefix: '27', carrier: 'b', priority: 1, weight: 1 }];
  expect(areAll(divideRoutes(all, new Set(['a'])).get('a') ?? [])).toBe(true);
  expect(areAll(divideRoutes(all, new Set(['a', 'b'])).get('a') ?? [])).toBe(false);
});

test('numbers without a carrier are named', () => {
  const all: Route[] = [
    { prefix: '27', carrier: 'a', priority: 1, weight: 1 },
    { prefix: '264', carrier: 'b', priority: 1, weight: 1 },
  ];
  expect(listUncovered(all, new Set(['a', 'b']))).toEqual(['']);
  expect(listUncovered(all, new Set(['a']))).toEqual(['', '264']);
  const withAll = [...all, { prefix: '', carrier: 'c', priority: 1, weight: 1 }];
  expect(listUncovered(withAll, new Set(['c']))).toEqual([]);
  expect(listUncovered(withAll, new Set(['a', 'b']))).toEqual(['']);
});
