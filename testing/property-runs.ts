/**
 * How often the property tests run, and from which seed. In `npm test` both are fixed, so that a test that is
 * red was made red by the change at hand. PROPERTY_RUNS and PROPERTY_SEED choose others: every property then
 * runs so often, from that seed. `npm run soak` runs them in their long form (soak/properties.ts).
 */

/** Whether tests take their long form, which `npm test` has no time for; with LONG_TESTS=true. */
export const isLong = process.env['LONG_TESTS'] === 'true';

/** Chosen once, for no reason but that it is always the same. */
const fixedSeed = 20_261_128;

export const propertySeed = readNumber('PROPERTY_SEED') ?? fixedSeed;

/**
 * What fast-check is told of a property that does not run as often as others.
 *
 * @param longRuns how often in the long form
 */
export function propertyRuns(usualRuns: number, longRuns = usualRuns): { numRuns: number; seed: number } {
  return { numRuns: readNumber('PROPERTY_RUNS') ?? (isLong ? longRuns : usualRuns), seed: propertySeed };
}

function readNumber(name: 'PROPERTY_RUNS' | 'PROPERTY_SEED'): number | null {
  const given = process.env[name];
  if (given === undefined || given === '') return null;
  if (!/^-?\d{1,15}$/.test(given)) throw new Error(`${name} must be a whole number, not "${given}".`);
  return Number(given);
}
