import { standardKeywords } from './keywords';
import { splitJoined } from './reply-clauses';
import { listPhraseSteps, wishesAlone, wishesAloneAtLast } from './wish-phrases';
import {
  closings,
  courtesies,
  greetings,
  joinableWords,
  joins,
  leadIns,
  meantWords,
  misspellings,
  takesMeaning,
} from './wish-surroundings';

// The second look at a reply, at the words of it that a wish of the table needs, in their order: a hundred
// times quicker than cutting it into clauses. Its tables are made from the same lists that findWish reads, so
// none can drift. It may take talk for a wish, never the other way round (matcher.test.ts).

// What a character is: a letter (its code, lower case, without accents), a digit (its code), or one of these.
const parts = 0;
const leftOut = 1;
/** It ends a clause; does so if what parts words follows; or if it stands between spaces. */
const ends = 2;
const endsBeforeSpace = 3;
const endsBetweenSpaces = 4;
const endsLine = 5;
/** A letter that is in no word of the table. */
const otherLetter = 6;
/** What only normalising can judge. */
const unclear = 7;

const firstSign = 0x2190;
const lastSign = 0x2c00;
const firstEmoji = 0x1f000;

const folded = new Uint8Array(1 << 16).fill(unclear);
for (let code = 0; code < 0x250; code++) folded[code] = foldCode(code);
folded.fill(parts, 0x2010, 0x2028);
folded.fill(endsBetweenSpaces, 0x2013, 0x2015);
folded.fill(leftOut, 0x2018, 0x201a);
folded.fill(ends, 0x201c, 0x201f);
folded[0x2026] = ends;
// Chinese characters, in no word of the table; what stands for a character that was lost.
folded.fill(otherLetter, 0x3400, 0x4dc0);
folded.fill(otherLetter, 0x4e00, 0x9ff0);
folded[0xfffd] = parts;
for (const code of [0x2028, 0x2029]) folded[code] = endsLine;
// Arrows, hearts, ticks.
for (let code = firstSign; code < lastSign; code++) folded[code] = foldSign(code);

/**
 * Emoji of two UTF-16 units. While they were unclear, each reply that ends with a smile was read whole, which
 * takes 25 µs.
 */
const emoji = Uint8Array.from({ length: 0xc00 }, (_, at) => foldSign(firstEmoji + at));

function foldSign(code: number): number {
  const character = String.fromCodePoint(code);
  // One that is a wish when it stands alone; one that normalising makes a letter of.
  if (/[🛑⛔🚫]/u.test(character) || character.normalize('NFKC') !== character) return unclear;
  if (/\p{Extended_Pictographic}/u.test(character)) return ends;
  return /\p{S}/u.test(character) ? parts : unclear;
}

/** What is at an unclear place after all: an emoji, or what only says how the one before it is drawn. */
function judgeEmoji(text: string, at: number): number {
  const code = text.codePointAt(at) as number;
  if (code === 0xfe0f || code === 0x200d) return isBehindEmoji(text, at) ? parts : unclear;
  return emoji[code - firstEmoji] ?? unclear;
}

function isBehindEmoji(text: string, at: number): boolean {
  const before = at === 0 ? 0 : text.charCodeAt(at - 1);
  return isSurrogate(before) || (before >= firstSign && before < lastSign) || before === 0xfe0f;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xe000;
}

function foldCode(code: number): number {
  const character = String.fromCharCode(code);
  if (/[\n\r\v\f\x85]/.test(character)) return endsLine;
  if (/[ \t\xa0]/.test(character)) return parts;
  if (/['`]/.test(character)) return leftOut;
  if (/[!?;,"|«»]/.test(character)) return ends;
  if (/[.:]/.test(character)) return endsBeforeSpace;
  if (/[-~]/.test(character)) return endsBetweenSpaces;
  if (/[\x21-\x7e]/.test(character) && !/[a-z0-9]/i.test(character)) return parts;
  if (character.normalize('NFKC') !== character) return unclear;
  const [base = '', ...marks] = character.normalize('NFD').toLowerCase();
  if (/^[a-z0-9]$/.test(base) && marks.every((mark) => /\p{M}/u.test(mark))) return base.charCodeAt(0);
  if (/\p{L}/u.test(character) && character.toLowerCase().length === 1) return otherLetter;
  if (/\p{Extended_Pictographic}/u.test(character)) return ends;
  return /[\p{P}\p{S}]/u.test(character) ? parts : unclear;
}

// What a word may be.
const leadsIn = 1;
/** After it a keyword is meant for us. */
const courteous = 2;
const greets = 4;
const beginsAlone = 8;
const beginsAloneAtLast = 16;
const belongsToAlone = 32;
const follows = 64;
/** After it anything may follow: "sent from my phone". */
const followsWithMore = 128;
const beginsKeyword = 256;
const isOneKeyword = 512;
const inviting = 1024;
/** Names may stand before it. */
const standsBehindNames = 2048;
/** Several words written together. */
const isJoined = 4096;
/** Two words with which a wish begins that may stand alone; the entry is that of the pair. */
const beginsPair = 8192;
/** It is a step of a phrase, or stands before one. */
const isInPhrase = 16384;
/** A keyword that is one only with what is meant by it: "cancel my …". */
const beginsMeant = 32768;
const isMeant = 65536;

/** What a word must be to matter where nothing has begun. */
const wakes = courteous | inviting | isOneKeyword | standsBehindNames;

interface Entry {
  flags: number;
  /** The steps of phrases that it can be, and those that it may stand before. */
  steps: Set<number>;
  before: Set<number>;
}

const words = new Map<string, Entry>();
const stems = new Map<string, Entry>();

function entryOf(entries: Map<string, Entry>, word: string): Entry {
  const known = entries.get(word);
  if (known !== undefined) return known;
  const entry: Entry = { flags: 0, steps: new Set(), before: new Set() };
  entries.set(word, entry);
  return entry;
}

function flag(list: Iterable<string>, flags: number): void {
  for (const word of list) entryOf(words, word).flags |= flags;
}

flag(leadIns, leadsIn);
flag(courtesies, courteous);
flag(joins, courteous);
flag(greetings, greets);
for (const word of meantWords.split('|')) {
  if (word.endsWith('*')) entryOf(stems, word.slice(0, -1)).flags |= isMeant;
  else flag([word], isMeant);
}
const pairs = new Map<string, number>();
const keywordWords = standardKeywords.map(({ word }) => word.replaceAll('_', ' '));
for (const [list, flags] of [
  [[...wishesAlone, ...keywordWords], beginsAlone],
  [wishesAloneAtLast, beginsAloneAtLast],
] as const) {
  for (const wish of list) {
    const [first = '', second] = wish.split(' ');
    if (second === undefined) {
      flag([first], flags);
    } else {
      flag([first], beginsPair);
      pairs.set(`${first} ${second}`, (pairs.get(`${first} ${second}`) ?? 0) | flags);
      flag(wish.split(' ').slice(1), belongsToAlone);
    }
  }
}
for (const closing of closings) {
  flag(closing.split(' '), follows);
  if (closing.includes('*')) flag(closing.split(' ').slice(0, 1), followsWithMore);
}
for (const { word, match } of standardKeywords) {
  if (match === 'exact')
    flag(word.split(' ').slice(0, 1), takesMeaning.test(word) ? beginsMeant : beginsKeyword);
  if (match === 'exact') flag([word], isOneKeyword);
}
// What comes before a keyword that we have invited, which ends a clause (`invitation` in reply-clauses.ts).
flag(
  'reply sms smses send text stuur antwoord whatsapp out stop afmeld uitteken unsub unsubscribe'.split(' '),
  inviting,
);
for (const stem of ['unsub', 'opt']) entryOf(stems, stem).flags |= beginsKeyword | beginsAlone | isOneKeyword;

entryOf(stems, 'unsub').flags |= standsBehindNames;
flag(['optout'], standsBehindNames);

let stepCount = 0;
const firstSteps = new Set<number>();
const lastSteps = new Set<number>();
for (const { before, steps } of listPhraseSteps()) {
  // A phrase's steps lie in one lane of 32 bits.
  if (stepCount % 32 > 32 - steps.length) stepCount += 32 - (stepCount % 32);
  firstSteps.add(stepCount);
  for (const word of before) {
    const isStem = word.endsWith('*');
    entryOf(isStem ? stems : words, isStem ? word.slice(0, -1) : word).before.add(stepCount);
  }
  for (const choices of steps) {
    for (const choice of choices) {
      const isStem = choice.endsWith('*');
      entryOf(isStem ? stems : words, isStem ? choice.slice(0, -1) : choice).steps.add(stepCount);
    }
    stepCount += 1;
  }
  lastSteps.add(stepCount - 1);
}

// Before the stems are added to the words that begin so: to those that a slip is meant for as well.
for (const written of [...misspellings].flat()) entryOf(words, written);
const shortestStem = Math.min(...[...stems.keys()].map((stem) => stem.length));
const longestStem = Math.max(...[...stems.keys()].map((stem) => stem.length));
for (const entries of [words, stems]) {
  for (const [word, entry] of entries) {
    for (let length = shortestStem; length <= Math.min(word.length, longestStem); length++) {
      const stem = stems.get(word.slice(0, length));
      if (stem !== undefined && stem !== entry) merge(entry, stem);
    }
  }
}

for (const [slip, meant] of misspellings) {
  if (!joinableWords.has(slip)) merge(entryOf(words, slip), entryOf(words, meant));
}
for (const [word, entry] of words) {
  if (!joinableWords.has(word) && splitJoined(word) !== null) entry.flags |= isJoined;
}

function merge(into: Entry, from: Entry): void {
  into.flags |= from.flags;
  for (const step of from.steps) into.steps.add(step);
  for (const step of from.before) into.before.add(step);
}

// The same as numbers: a word is its hash. Words of one hash are taken for each other, which only makes more
// be read.
const laneCount = (stepCount + 31) >> 5;
const tableBits = 13;
const hashes = new Int32Array(1 << tableBits);
const places = new Int16Array(1 << tableBits);
const entryCount = words.size + stems.size + pairs.size + 1;
const flagsOf = new Int32Array(entryCount);
const stepsOf = new Int32Array(entryCount * laneCount);
const beforeOf = new Int32Array(entryCount * laneCount);
const firsts = toLanes(firstSteps);
const lasts = toLanes(lastSteps);
/** A stem's hash is told from a word's by this. */
const stemSalt = 0x5bd1e995;

let entryNumber = 0;
for (const [entries, salt] of [
  [words, 0],
  [stems, stemSalt],
] as const) {
  for (const [word, { flags, steps, before }] of entries) {
    const place = addEntry(hashOf(word) ^ salt, steps.size + before.size === 0 ? flags : flags | isInPhrase);
    addLanes(stepsOf, place, steps);
    addLanes(beforeOf, place, before);
  }
}

for (const [pair, flags] of pairs) {
  const [first = '', second = ''] = pair.split(' ');
  addEntry(pairHash(hashOf(first), hashOf(second)), flags);
}

/** The lanes in which an entry has steps, one after the other: up to where the next entry's begin. */
const laneStarts = new Int32Array(entryCount + 1);
const lanes: number[] = [];
const stepLanes: number[] = [];
const beforeLanes: number[] = [];
for (let place = 0; place < entryCount; place++) {
  for (let lane = 0; lane < laneCount; lane++) {
    const index = place * laneCount + lane;
    if (((stepsOf[index] as number) | (beforeOf[index] as number)) === 0) continue;
    lanes.push(lane);
    stepLanes.push(stepsOf[index] as number);
    beforeLanes.push(beforeOf[index] as number);
  }
  laneStarts[place + 1] = lanes.length;
}
const laneNumbers = Uint8Array.from(lanes);
const laneSteps = Int32Array.from(stepLanes);
const laneBefore = Int32Array.from(beforeLanes);

function addEntry(hash: number, flags: number): number {
  let slot = slotOf(hash);
  while (places[slot] !== 0 && hashes[slot] !== hash) slot = (slot + 1) & ((1 << tableBits) - 1);
  entryNumber += 1;
  const place = places[slot] === 0 ? entryNumber : (places[slot] as number);
  hashes[slot] = hash;
  places[slot] = place;
  flagsOf[place] = (flagsOf[place] as number) | flags;
  return place;
}

function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at++) hash = addToHash(hash, folded[word.charCodeAt(at)] as number);
  return hash;
}

function pairHash(first: number, second: number): number {
  return (Math.imul(first, 0x2c1b3c6d) ^ second ^ 0x297a2d39) | 0;
}

function toLanes(steps: Set<number>): Int32Array {
  const lanes = new Int32Array(laneCount);
  for (const step of steps) lanes[step >> 5] = (lanes[step >> 5] as number) | (1 << (step & 31));
  return lanes;
}

function addLanes(table: Int32Array, place: number, steps: Set<number>): void {
  toLanes(steps).forEach((lane, at) => {
    if (lane === 0) return;
    const index = place * laneCount + at;
    table[index] = (table[index] as number) | lane;
  });
}

function addToHash(hash: number, code: number): number {
  return (Math.imul(hash, 0x01000193) + code) | 0;
}

function slotOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - tableBits);
}

/** The number of a word's entry, 0 without one. */
function find(hash: number): number {
  let slot = slotOf(hash);
  let place = places[slot] as number;
  while (place !== 0 && hashes[slot] !== hash) {
    slot = (slot + 1) & ((1 << tableBits) - 1);
    place = places[slot] as number;
  }
  return place;
}

/** The first two letters of stems. */
const stemStarts = new Uint8Array(1 << 10);
for (const stem of stems.keys()) {
  stemStarts[((stem.charCodeAt(0) & 31) << 5) | (stem.charCodeAt(1) & 31)] = 1;
}

function findStem(text: string, start: number, end: number): number {
  if (end - start < shortestStem) return 0;
  if (stemStarts[((text.charCodeAt(start) & 31) << 5) | (text.charCodeAt(start + 1) & 31)] === 0) return 0;
  let hash = 0;
  let length = 0;
  let found = 0;
  for (let at = start; at < end && length < longestStem; at++) {
    const code = folded[text.charCodeAt(at)] as number;
    if (code === leftOut) continue;
    hash = addToHash(hash, code);
    length += 1;
    if (length >= shortestStem) {
      const place = find(hash ^ stemSalt);
      if (place !== 0) found = place;
    }
  }
  return found;
}

/** The first three letters of words written together, and the last three, as numbers. */
const joinedStarts = new Uint8Array(1 << 15);
const joinedEnds = new Uint8Array(1 << 15);
for (const word of joinableWords) {
  for (const other of joinableWords) {
    const both = `${word}${other}`;
    joinedStarts[packThree(both, 0)] = 1;
    joinedEnds[packThree(both, both.length - 3)] = 1;
  }
}

/** Three characters from here, five bits of each. */
function packThree(text: string, at: number): number {
  return (
    ((text.charCodeAt(at) & 31) << 10) |
    ((text.charCodeAt(at + 1) & 31) << 5) |
    (text.charCodeAt(at + 2) & 31)
  );
}

/** Whether a word may be several that were written together. */
function mayBeJoined(text: string, start: number, end: number): boolean {
  if (joinedStarts[packThree(text, start)] === 0) return false;
  const last = text.charCodeAt(end - 1);
  if (joinedEnds[packThree(text, end - 3)] === 0 && !(last >= 0x30 && last <= 0x39)) return false;
  return (
    splitJoined(
      text
        .slice(start, end)
        .toLowerCase()
        .replace(/[^a-z0-9]/g, ''),
    ) !== null
  );
}

/** The steps that come next, of the phrases begun in this clause: a bit each. */
const state = new Int32Array(laneCount);

/** TypedArray.fill takes longer than reading a short reply. */
function forgetSteps(): void {
  for (let lane = 0; lane < laneCount; lane++) state[lane] = 0;
}

/** What a phone number is read as (reply-clauses.ts). */
const numberHash = hashOf('number');
const shortestPhoneNumber = 9;

/** False for a text in which no wish can be: none whose words it has. Linear in the text's length. */
export function mayHoldWish(text: string): boolean {
  const length = text.length;
  forgetSteps();
  let isArmed = false;
  // Words of this clause; whether all so far may lead in; whether it began with a greeting.
  let count = 0;
  let isLedIn = true;
  let isGreeting = false;
  let wasCourteous = false;
  let wasInviting = false;
  let wasMeant = false;
  // A wish that stands alone, if nothing else comes: 1 within a clause, 2 at the end of a line; and what may
  // come.
  let alone = 0;
  let isOpen = false;
  let pending = false;
  let isCalledOut = false;
  /** Nothing has begun that the next word could go on with: only a word that wakes can matter. */
  let isAsleep = false;
  /** The hash of a word with which a wish of several begins, just before. */
  let pairStart = 0;

  for (let at = 0; at <= length; at++) {
    let code = at === length ? endsLine : (folded[text.charCodeAt(at)] as number);
    if (code === unclear) {
      code = judgeEmoji(text, at);
      if (code === unclear) return true;
      if (isSurrogate(text.charCodeAt(at))) at += 1;
    }
    if (code < otherLetter) {
      if (code < ends) continue;
      if (code === endsBeforeSpace && !isSpace(text, at + 1) && !isDot(text, at + 1)) continue;
      if (code === endsBetweenSpaces && !(isSpace(text, at - 1) && isSpace(text, at + 1))) continue;
      if (alone === 1) return true;
      if (alone === 2) pending = true;
      if (code === endsLine && (pending || isCalledOut)) return true;
      if (isArmed) forgetSteps();
      isArmed = false;
      isAsleep = false;
      count = 0;
      pairStart = 0;
      isLedIn = true;
      isGreeting = false;
      wasCourteous = false;
      wasInviting = false;
      wasMeant = false;
      alone = 0;
      isOpen = false;
      continue;
    }

    const start = at;
    let hash = 0;
    let previous = 0;
    let run = 0;
    let isDragged = false;
    do {
      if (code !== leftOut) {
        hash = addToHash(hash, code);
        run = code === previous ? run + 1 : 1;
        if (run > 2) isDragged = true;
        previous = code;
      }
      at += 1;
      code = at === length ? endsLine : (folded[text.charCodeAt(at)] as number);
    } while ((code >= otherLetter && code !== unclear) || code === leftOut);
    if (isDragged) hash = hashUndragged(text, start, at);
    if (at - start >= shortestPhoneNumber && isDigit(text, start)) hash = numberHash;

    let place = find(hash);
    if (isAsleep && ((flagsOf[place] as number) & wakes) === 0 && !isFirstOfUnsubscribe(text, start)) {
      at -= 1;
      continue;
    }
    const isAllowed = isLedIn || wasCourteous || isGreeting;
    if (place === 0 && (isAllowed || isArmed || isFirstOfUnsubscribe(text, start))) {
      place = findStem(text, start, at);
      if (at - start > 4 && mayBeJoined(text, start, at)) return true;
    }
    const flags = flagsOf[place] as number;
    pending = pending && (flags & follows) !== 0;
    if ((flags & isJoined) !== 0 && (isAllowed || isArmed)) return true;
    if (wasMeant && ((flags & isMeant) !== 0 || isDigit(text, start))) return true;
    wasMeant = (flags & beginsMeant) !== 0 && (count === 0 || wasCourteous);
    if ((flags & beginsKeyword) !== 0 && (count === 0 || wasCourteous)) return true;
    let begins = isAllowed ? flags & (beginsAlone | beginsAloneAtLast) : flags & standsBehindNames;
    if (pairStart !== 0) begins |= flagsOf[find(pairHash(pairStart, hash))] as number;
    pairStart = isAllowed && (flags & beginsPair) !== 0 ? hash : 0;
    if ((begins & (beginsAlone | standsBehindNames)) !== 0) {
      alone = 1;
      isOpen = false;
    } else if (alone !== 0 && !isOpen && (flags & (belongsToAlone | follows)) === 0) {
      alone = 0;
    }
    if (alone !== 1 && (begins & beginsAloneAtLast) !== 0) alone = 2;
    if ((flags & followsWithMore) !== 0) isOpen = alone !== 0;
    if ((flags & isInPhrase) !== 0 && (isAllowed || isArmed)) {
      const end = laneStarts[place + 1] as number;
      for (let index = laneStarts[place] as number; index < end; index++) {
        const lane = laneNumbers[index] as number;
        const before = state[lane] as number;
        const begun = isAllowed ? before | (firsts[lane] as number) : before;
        const hit = (laneSteps[index] as number) & begun;
        const next = before | (hit << 1) | (isAllowed ? (laneBefore[index] as number) : 0);
        if (next === before && hit === 0) continue;
        if ((hit & (lasts[lane] as number)) !== 0) return true;
        state[lane] = next;
        isArmed = true;
      }
    }
    if (wasInviting && (flags & isOneKeyword) !== 0) return true;
    isCalledOut = (flags & isOneKeyword) !== 0 && isCapital(text, start) && isCapital(text, at - 1);
    wasInviting = (flags & inviting) !== 0;
    wasCourteous = (flags & courteous) !== 0;
    if (count === 0 && (flags & greets) !== 0) isGreeting = true;
    isLedIn = isLedIn && (flags & leadsIn) !== 0;
    count += 1;
    isAsleep =
      !isLedIn && !isGreeting && !isArmed && alone === 0 && !pending && ((flags & wakes) | pairStart) === 0;
    at -= 1;
  }
  return false;
}

/** Names may stand before a word that begins with "unsub". */
function isFirstOfUnsubscribe(text: string, at: number): boolean {
  return (text.charCodeAt(at) | 32) === 0x75;
}

/** "stoooop" as "stop": three of a letter are one. */
function hashUndragged(text: string, start: number, end: number): number {
  let hash = 0;
  let at = start;
  while (at < end) {
    const code = folded[text.charCodeAt(at)] as number;
    let next = at + 1;
    while (next < end && folded[text.charCodeAt(next)] === code) next += 1;
    const times = next - at > 2 && code >= 0x61 ? 1 : next - at;
    for (let time = 0; time < times && code !== leftOut; time++) hash = addToHash(hash, code);
    at = next;
  }
  return hash;
}

/** What parts words stands there, or nothing. */
function isSpace(text: string, at: number): boolean {
  if (at < 0 || at >= text.length) return true;
  const code = folded[text.charCodeAt(at)] as number;
  return code === parts || code === endsLine || code === unclear;
}

function isDot(text: string, at: number): boolean {
  return at < text.length && text.charCodeAt(at) === 0x2e;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

function isCapital(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x41 && code <= 0x5a;
}
