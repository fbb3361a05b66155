import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../app/globals.css', import.meta.url), 'utf8');

/** The colours of app/globals.css in one theme, by name. */
function readColours(theme: 'light' | 'dark'): Map<string, string> {
  const found = css.matchAll(
    /--color-([a-z-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/g,
  );
  return new Map(
    [...found].map(([, name, light, dark, both]) => [name!, both ?? (theme === 'light' ? light! : dark!)]),
  );
}

/** WCAG 2.2, relative luminance. */
function measureLuminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function measureContrast(one: string, other: string): number {
  const [darker, lighter] = [measureLuminance(one), measureLuminance(other)].sort((a, b) => a - b) as [
    number,
    number,
  ];
  return (lighter + 0.05) / (darker + 0.05);
}

const grounds = ['canvas', 'surface', 'raised', 'sunken', 'hover'];
const inks = [
  'ink',
  'ink-soft',
  'ink-faint',
  'accent-text',
  'good-text',
  'warn-text',
  'bad-text',
  'info-text',
];
const tones = ['accent', 'good', 'warn', 'bad', 'info'];

const textPairs = [
  ...inks.flatMap((ink) => grounds.map((ground) => [ink, ground] as const)),
  ...tones.map((tone) => [`${tone}-text`, `${tone}-soft`] as const),
  ...(['accent', 'accent-hover'] as const).map((ground) => ['on-accent', ground] as const),
  ['ink', 'accent-soft'] as const,
  ['ink-soft', 'accent-soft'] as const,
];

const edgePairs = ['canvas', 'surface', 'raised'].map((ground) => ['control', ground] as const);

describe.each(['light', 'dark'] as const)('the %s theme', (theme) => {
  const colours = readColours(theme);
  const read = (name: string) =>
    colours.get(name) ?? expect.fail(`There is no colour "${name}" in app/globals.css.`);

  it.each(textPairs)('%s can be read on %s', (ink, ground) => {
    expect(measureContrast(read(ink), read(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(edgePairs)('the edge of a control (%s) can be seen on %s', (edge, ground) => {
    expect(measureContrast(read(edge), read(ground))).toBeGreaterThanOrEqual(3);
  });
});
