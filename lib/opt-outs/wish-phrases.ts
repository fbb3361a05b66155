import { closings } from './wish-surroundings';
import { wishes, wordLists } from './wishes';

/** Every word or phrase that is a wish when nothing else stands in its clause. */
export const wishesAlone: ReadonlySet<string> = new Set(
  Object.values(wishes).flatMap(({ alone }) => alone.split('|')),
);
/** The same for what is one only on a line of its own or at the end. */
export const wishesAloneAtLast: ReadonlySet<string> = new Set(
  Object.values(wishes).flatMap(({ aloneAtLast }) => aloneAtLast?.split('|') ?? []),
);

/** The end of a clause, save for what may follow a wish. */
const ending = `(?:(?:${[...closings].join('|').replaceAll('*', '[^ ]+')}) ){0,4}$`;

// A phrase is tried only where a word stands that it can begin with: by that word, or by its first letters.
// All that begin alike are one expression.
const stemLength = 3;
const byWord = new Map<string, RegExp>();
const byStem = new Map<string, RegExp>();
const sources = { byWord: new Map<string, Set<string>>(), byStem: new Map<string, Set<string>>() };
for (const phrase of Object.values(wishes).flatMap((language) => language.phrases)) {
  const source = compilePhrase(phrase);
  for (const first of new Set(listFirstWords(phrase))) {
    const isStem = first.endsWith('*');
    if (isStem && first.length <= stemLength) throw new Error(`"${first}" is too short to begin a phrase.`);
    if (isStem) addTo(sources.byStem, first.slice(0, stemLength), source);
    else addTo(sources.byWord, first, source);
  }
}
for (const [word, patterns] of sources.byWord) byWord.set(word, anyOf(patterns));
for (const [stem, patterns] of sources.byStem) byStem.set(stem, anyOf(patterns));

function addTo(patterns: Map<string, Set<string>>, key: string, source: string): void {
  const known = patterns.get(key);
  if (known === undefined) patterns.set(key, new Set([source]));
  else known.add(source);
}

function anyOf(patterns: ReadonlySet<string>): RegExp {
  return new RegExp([...patterns].join('|'), 'y');
}

/**
 * Whether a phrase of the table begins at a word.
 *
 * @param text words, each with a space behind it
 * @param at where the word begins
 */
export function beginsWithPhrase(text: string, at: number, word: string): boolean {
  return matches(byWord.get(word), text, at) || matches(byStem.get(word.slice(0, stemLength)), text, at);
}

function matches(pattern: RegExp | undefined, text: string, at: number): boolean {
  if (pattern === undefined) return false;
  pattern.lastIndex = at;
  return pattern.test(text);
}

interface Part {
  kind: 'choice' | 'option' | 'exclusion';
  /** Its words, `<list>` replaced by those of the list. */
  choices: readonly string[];
}

function parsePhrase(phrase: string): Part[] {
  return [...phrase.matchAll(/(!?)\(([^)]*)\)|\[([^\]]*)\]|(\S+)/g)].map(([, not, choice, option, word]) => ({
    kind: not === '!' ? 'exclusion' : option === undefined ? 'choice' : 'option',
    choices: (choice ?? option ?? word ?? '').split('|').flatMap(readList),
  }));
}

function readList(choice: string): readonly string[] {
  const name = /^<(\w+)>$/.exec(choice)?.[1];
  if (name === undefined) return [choice];
  const list = wordLists[name];
  if (list === undefined) throw new Error(`There is no list "${name}".`);
  return list.split('|');
}

/** The source of a regular expression; every word takes the space behind it. */
function compilePhrase(phrase: string): string {
  return parsePhrase(phrase)
    .map(({ kind, choices }) => {
      const source = choices.map(compileWords).join('|');
      return kind === 'exclusion' ? `(?!${source})` : `(?:${source})${kind === 'option' ? '?' : ''}`;
    })
    .join('');
}

function compileWords(words: string): string {
  if (words === '.') return ending;
  const gap = /^\.\.(\d)$/.exec(words)?.[1];
  if (gap !== undefined) return `(?:[^ ]+ ){0,${gap}}?`;
  return words
    .split(' ')
    .map((word) => (word.endsWith('*') ? `${word.slice(0, -1)}[^ ]* ` : `${word} `))
    .join('');
}

/** Words that whoever writes a phrase must write, in this order, whatever stands between them. */
export interface PhraseSteps {
  /** One word or stem (`spam*`) of each is written. */
  steps: readonly (readonly string[])[];
  /** Words, or stems, with which the phrase may begin before its first step. */
  before: readonly string[];
}

/** What all phrases of the table need, for the quick look that comes before them. */
export function listPhraseSteps(): PhraseSteps[] {
  return Object.values(wishes)
    .flatMap((language) => language.phrases)
    .flatMap((phrase) => listSteps(parsePhrase(phrase)));
}

function listSteps(parts: readonly Part[]): PhraseSteps[] {
  const needed = parts.filter(({ kind, choices }) => kind === 'choice' && !choices.some(isNoWord));
  const [first, ...others] = needed;
  if (first === undefined) throw new Error('A phrase needs a word.');
  const before = parts
    .slice(0, parts.indexOf(first))
    .filter(({ kind }) => kind === 'option')
    .flatMap(({ choices }) => choices.map((choice) => choice.split(' ')[0] as string));
  const later = others.map(({ choices }) => choices.map(tellingWord));
  const single = first.choices.filter((choice) => !choice.includes(' '));
  const several = first.choices.filter((choice) => choice.includes(' ')).map((choice) => choice.split(' '));
  return [
    { steps: [single, ...later], before },
    {
      steps: [
        several.map((words) => words[0] as string),
        several.map((words) => words.at(-1) as string),
        ...later,
      ],
      before,
    },
  ].filter(({ steps: [begins = []] }) => begins.length > 0);
}

/**
 * @internal For tests. Texts that match a phrase: its shortest, with each of the words that may stand in each
 *   place.
 */
export function listPhraseExamples(phrase: string): string[] {
  const places = parsePhrase(phrase)
    .filter(({ kind }) => kind === 'choice')
    .map(({ choices }) => choices.map((choice) => (isNoWord(choice) ? '' : choice.replaceAll('*', ''))));
  const shortest = places.map(([first = '']) => first);
  return places.flatMap((choices, place) =>
    choices.map((choice) =>
      shortest
        .with(place, choice)
        .filter((words) => words !== '')
        .join(' '),
    ),
  );
}

function isNoWord(choice: string): boolean {
  return choice.startsWith('.');
}

function tellingWord(choice: string): string {
  return choice.split(' ').reduce((longest, word) => (word.length > longest.length ? word : longest));
}

/** The words, or stems with `*`, with which a text must begin that matches the phrase. */
function listFirstWords(phrase: string): string[] {
  const words: string[] = [];
  for (const { kind, choices } of parsePhrase(phrase)) {
    if (kind === 'exclusion') continue;
    words.push(...choices.map((choice) => choice.split(' ')[0] as string));
    if (kind === 'choice') return words;
  }
  throw new Error(`"${phrase}" may begin with anything.`);
}

/** Words with which so many ordinary replies begin that what follows must tell. */
const commonWords: ReadonlySet<string> = new Set(
  (
    'i im ive id ill we you u yall can could this it the these such your ur no not who where how a do dont dnt get take go want wants wish ' +
    'need like never is my they what why will would now me n nao ha ga se o le lo on in going gonna have has all that those call so put cut ' +
    'move keep leave let give drop off wrong didnt did am may said told asked need hoe kan stuur los laat bel hou wil am are r and de be ' +
    'to shall wanna sat tired sick enough see forget text message sms call shut turn switch pull such up stay ask help no more more please pls plz cant if ni u mi a hi'
  ).split(' '),
);
const longestOpening = 2;

/**
 * How texts begin that begin with a phrase: whole words with a space behind them, or the letters with which
 * one begins.
 */
export interface PhraseOpenings {
  /** Few other texts begin so. */
  telling: readonly string[];
  /** Many others do. */
  common: readonly string[];
}

export function listPhraseOpenings(): PhraseOpenings {
  const openings = new Set<string>();
  for (const phrase of Object.values(wishes).flatMap((language) => language.phrases)) {
    listOpenings(parsePhrase(phrase), '', 0, openings);
  }
  const isTelling = (opening: string) =>
    opening.split(' ').some((word) => word !== '' && !commonWords.has(word));
  const all = [...openings];
  return { telling: all.filter(isTelling), common: all.filter((opening) => !isTelling(opening)) };
}

function listOpenings(parts: readonly Part[], before: string, count: number, openings: Set<string>): void {
  const [part, ...rest] = parts;
  const last = before.split(' ').at(-2);
  if (part === undefined || (last !== undefined && !commonWords.has(last)) || count >= longestOpening) {
    openings.add(before);
    return;
  }
  if (part.kind !== 'choice') listOpenings(rest, before, count, openings);
  if (part.kind === 'exclusion') return;
  for (const choice of part.choices) {
    if (choice === '.' || choice.startsWith('..')) openings.add(before);
    else if (choice.includes('*')) openings.add(before + choice.slice(0, choice.indexOf('*')));
    else listOpenings(rest, `${before}${choice} `, count + 1, openings);
  }
}
