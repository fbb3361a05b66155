// Nearly every reply is ordinary conversation on one line, and that can be told by its first and its last
// letters: a wish begins or ends it. The prefilter looks at four characters at each end, and reads on only
// where these may belong to a wish. What it passes over is `none` without having been read.

/** What makes a text worth reading. All of it normalised; `_` is any character. */
export interface Signs {
  /** How a text begins, or ends, that is to be read. A space is whatever parts words. */
  beginnings: readonly string[];
  endings: readonly string[];
  /** Texts that begin with the one and end with the other are read: "Hi Thabo … stop". */
  greetings?: readonly string[];
  keywords?: readonly string[];
  /** Texts one slip away from these are read, without regard for their words. */
  slipTargets?: readonly string[];
}

// Characters fall into classes: letters of either case (1 to 26), and these.
const space = 0;
const digit = 27;
const foreign = 28;
const punctuation = 29;
/** Left out within words: "don't" is "dont". */
const apostrophe = 30;
/** What only normalising can judge: a text that has it where the prefilter looks is read. */
const unclear = 31;
const classBits = 5;
const classCount = 1 << classBits;

const classes = new Uint8Array(1 << 16).fill(unclear);
for (let code = 0; code < 0x100; code++) classes[code] = classifyCode(code);
// Dashes, curly quotes, the ellipsis; Japanese and Chinese characters.
classes.fill(punctuation, 0x2010, 0x2028);
classes.fill(apostrophe, 0x2018, 0x201a);
classes.fill(punctuation, 0x3001, 0x3030);
for (const character of '！，．：；？～') classes[character.charCodeAt(0)] = punctuation;
classes.fill(foreign, 0x3041, 0x3097);
classes.fill(foreign, 0x30a1, 0x30fb);
classes.fill(foreign, 0x3400, 0x4dc0);
classes.fill(foreign, 0x4e00, 0x9ff0);

function classifyCode(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return code & 31;
  if (/[0-9]/.test(character)) return digit;
  if (/[À-ÖØ-öø-ÿ]/.test(character)) return foreign;
  if (/['`´]/.test(character)) return apostrophe;
  if (/[ \t]/.test(character)) return space;
  return /[\n-\r!-~]/.test(character) ? punctuation : unclear;
}

const parting = [space, punctuation, apostrophe];
/** 1 for what parts words. */
const parts = classes.map((value) => (parting.includes(value) ? 1 : 0));

/** What a look says: an ordinary reply; words that a wish may have; a keyword with a slip in it. */
export const passedOver = 0;
export const seenWords = 1;
export const seenSlip = 2;

// What a text's beginning or end has shown.
const read = 1;
const half = 2;
const shownBits = read | half;

/** So many characters of each end are looked at first. */
const lookedAt = 4;
/** Of their classes in a row, a sign and a slip have a bit each, packed into numbers. */
const markBits = 2;
const isSign = 1;
const isSlip = 2;
const longestSlip = 14;
const longestDragged = 80;
/** One word dragged out ("stooop"), or letters ("s t o p"). */
const slippedMore = /^[a-z]*([a-z])\1\1[a-z]*$|^(?:[a-z][^a-z0-9]){3,}[a-z]$/i;

export class Prefilter {
  readonly #beginnings: WordTree;
  readonly #endings: WordTree;
  /** How texts begin that are read on, by the classes of their first characters; how they end, backwards. */
  readonly #firsts = new Int32Array(1 << (lookedAt * classBits + markBits - 5));
  readonly #lasts = new Int32Array(1 << (lookedAt * classBits + markBits - 5));

  constructor(signs: Signs) {
    const reverse = (text: string) => [...text].reverse().join('');
    this.#beginnings = new WordTree([
      ...signs.beginnings.map((word) => [word, read] as const),
      ...(signs.greetings ?? []).map((word) => [word, half] as const),
    ]);
    this.#endings = new WordTree([
      ...signs.endings.map((word) => [reverse(word), read] as const),
      ...(signs.keywords ?? []).map((word) => [reverse(word), half] as const),
    ]);
    this.#beginnings.markFirstCharacters(read, this.#firsts);
    this.#endings.markFirstCharacters(read | half, this.#lasts);
    for (const target of signs.slipTargets ?? []) {
      markSlips(this.#firsts, target);
      markSlips(this.#lasts, reverse(target));
      for (const dragged of listDragged(target)) mark(this.#firsts, isSign | isSlip, dragged, lookedAt);
      // The word begins further on, or ends before.
      for (const value of parting) {
        mark(this.#firsts, isSlip, value, 1);
        mark(this.#lasts, isSlip, value, 1);
      }
    }
    this.#beginnings.finish();
    this.#endings.finish();
  }

  /** How a text is to be read on: passedOver, seenWords or seenSlip. */
  look(text: string): number {
    const length = text.length;
    if (length <= lookedAt) return this.#lookClosely(text, isSign | isSlip, isSign);
    const first =
      (classAt(text, 0) << 15) | (classAt(text, 1) << 10) | (classAt(text, 2) << 5) | classAt(text, 3);
    // No loop: that most texts have a full stop at the end cannot be foretold, and each wrong guess costs 5
    // ns.
    const end = length - (parts[text.charCodeAt(length - 1)] as number);
    const last =
      (classAt(text, end - 1) << 15) |
      (classAt(text, end - 2) << 10) |
      (classAt(text, end - 3) << 5) |
      classAt(text, end - 4);
    const begins = marksAt(this.#firsts, first);
    const ends = marksAt(this.#lasts, last);
    const mayBeSlip = end <= longestSlip && (begins & ends & isSlip) !== 0;
    if (((begins | ends) & isSign) !== 0 || mayBeSlip) {
      const seen = this.#lookClosely(text, begins, ends);
      if (seen !== passedOver) return seen;
    }
    return text.includes('\n') ? seenWords : passedOver;
  }

  #lookClosely(text: string, begins: number, ends: number): number {
    if ((begins & isSlip) !== 0 && this.#mayBeSlip(text, begins)) return seenSlip;
    if ((begins & isSign) !== 0 && (this.#beginnings.walk(text) & read) !== 0) return seenWords;
    if ((ends & isSign) === 0) return passedOver;
    const ended = this.#endings.walkBack(text);
    if ((ended & read) !== 0) return seenWords;
    if ((ended & half) === 0) return passedOver;
    const isMeant = endsInCapital(text) || (this.#beginnings.walk(text) & half) !== 0;
    return isMeant ? seenWords : passedOver;
  }

  #mayBeSlip(text: string, begins: number): boolean {
    // Of longer texts only those can be that begin as one does that is dragged out.
    if (text.length > longestSlip + 1 && (begins & isSign) === 0) return false;
    let start = 0;
    let end = text.length;
    while (start < end && partsAt(text, start)) start += 1;
    while (end > start && partsAt(text, end - 1)) end -= 1;
    if (start === end || end - start > longestDragged) return false;
    if (slippedMore.test(text.slice(start, end))) return true;
    if (end - start > longestSlip) return false;
    let first = 0;
    let last = 0;
    for (let offset = 0; offset < lookedAt; offset++) {
      const isWithin = start + offset < end;
      first = (first << classBits) | (isWithin ? classAt(text, start + offset) : space);
      last = (last << classBits) | (isWithin ? classAt(text, end - 1 - offset) : space);
    }
    return (marksAt(this.#firsts, first) & marksAt(this.#lasts, last) & isSlip) !== 0;
  }
}

/** `isSign` and `isSlip` of the characters with these classes. */
function marksAt(marks: Int32Array, index: number): number {
  return ((marks[index >> 4] as number) >> ((index & 15) << 1)) & 3;
}

function classAt(text: string, at: number): number {
  return classes[text.charCodeAt(at)] as number;
}

function partsAt(text: string, at: number): boolean {
  return parts[text.charCodeAt(at)] !== 0;
}

function endsInCapital(text: string): boolean {
  let end = text.length;
  while (end > 0 && partsAt(text, end - 1)) end -= 1;
  const code = end === 0 ? 0 : text.charCodeAt(end - 1);
  return code >= 0x41 && code <= 0x5a;
}

/** How a place of a tree, and a class there, stand for nothing. */
const nowhere = -1;

/** The words that a text may begin with, letter by letter. */
class WordTree {
  /**
   * By place and class of character, where it leads; while the tree is made the place alone, afterwards what
   * that shows as well. One array of numbers: with one of its own for each place the published words took
   * 12 MB more, and the worker twice as long to start.
   */
  #table = new Int32Array(1 << 16).fill(nowhere);
  #shown: number[] = [];

  constructor(words: readonly (readonly [word: string, shows: number])[]) {
    this.#addNode();
    for (const value of parting) this.#connect(0, value, 0);
    // Those first after whose last letter a sentence must end: a space that is added later then leads past
    // it.
    const inOrder = [...words].sort(
      ([a], [b]) => Number(b.endsWith('.')) - Number(a.endsWith('.')) || a.length - b.length,
    );
    for (const [word, shows] of inOrder) this.#add(word, shows);
    // A digit may turn out to be an emoji ("1️⃣"), which is trimmed.
    const keycap = this.#addNode();
    this.#connectIfFree(0, digit, keycap);
    // A letter may turn out to be another with what follows, and a word to go on behind something invisible.
    const clear = this.#addNode();
    this.#shown[clear] = read;
    const count = this.#shown.length;
    const isAfterLetter = new Uint8Array(count);
    for (let node = 0; node < count; node++) {
      for (let value = space + 1; value < digit; value++) {
        const to = this.#nextOf(node, value);
        if (to !== nowhere) isAfterLetter[to] = 1;
      }
    }
    for (let node = 0; node < count; node++) {
      this.#connectIfFree(node, unclear, clear);
      this.#connectIfFree(node, apostrophe, node);
      if (isAfterLetter[node] === 1 && this.#hasLetters(node)) this.#connectIfFree(node, foreign, clear);
      // Dragged out: "pleeease".
      for (let value = space + 1; value < digit; value++) {
        const to = this.#nextOf(node, value);
        if (to !== nowhere && to !== node) this.#connectIfFree(to, value, to);
      }
    }
  }

  /** Says in the table what each place shows, and keeps that alone: from now on it can be walked. */
  finish(): void {
    this.#table = this.#table
      .slice(0, this.#shown.length << classBits)
      .map((to) => (to === nowhere ? nowhere : (to << 2) | (this.#shown[to] as number)));
    this.#shown = [];
  }

  walk(text: string): number {
    const table = this.#table;
    let node = 0;
    let shown = 0;
    for (let at = 0; at < text.length; at++) {
      node = table[(node << classBits) | classAt(text, at)] as number;
      if (node < 0) return shown;
      shown |= node & shownBits;
      if ((shown & read) !== 0) return shown;
      node >>= 2;
    }
    return shown | this.#showAtEnd(node);
  }

  walkBack(text: string): number {
    const table = this.#table;
    let node = 0;
    let shown = 0;
    for (let at = text.length - 1; at >= 0; at--) {
      node = table[(node << classBits) | classAt(text, at)] as number;
      if (node < 0) return shown;
      shown |= node & shownBits;
      if ((shown & read) !== 0) return shown;
      node >>= 2;
    }
    return shown | this.#showAtEnd(node);
  }

  /** The end of a text parts words as punctuation does. */
  #showAtEnd(node: number): number {
    const next = this.#table[(node << classBits) | punctuation] as number;
    return next < 0 ? 0 : next & shownBits;
  }

  /** Marks the first characters of all words that show this. */
  markFirstCharacters(shows: number, marks: Int32Array): void {
    const leadsOn = this.#listWhatLeadsTo(shows);
    const list = (node: number, index: number, length: number): void => {
      if (leadsOn[node] !== true) return;
      if (length === lookedAt || ((this.#shown[node] as number) & shows) !== 0)
        return mark(marks, isSign, index, length);
      for (let value = 0; value < classCount; value++) {
        const to = this.#nextOf(node, value);
        if (to !== nowhere) list(to, (index << classBits) | value, length + 1);
      }
    };
    list(0, 0, 0);
  }

  /** Whether a word that shows this goes through each place; what is only unclear there does not count. */
  #listWhatLeadsTo(shows: number): boolean[] {
    const leads = this.#shown.map((shown) => (shown & shows) !== 0);
    // From the last made to the first, again and again until nothing is found: most lead to what was made
    // after them.
    for (let hasFound = true; hasFound;) {
      hasFound = false;
      for (let node = leads.length - 1; node >= 0; node--) {
        if (leads[node] !== true && this.#leadsToOne(node, leads)) hasFound = leads[node] = true;
      }
    }
    return leads;
  }

  #leadsToOne(node: number, leads: readonly boolean[]): boolean {
    for (let value = 0; value <= punctuation; value++) {
      const to = value === foreign ? nowhere : this.#nextOf(node, value);
      if (to !== nowhere && leads[to] === true) return true;
    }
    return false;
  }

  #addNode(): number {
    const node = this.#shown.push(0) - 1;
    if (this.#shown.length << classBits > this.#table.length) {
      const larger = new Int32Array(this.#table.length * 2).fill(nowhere);
      larger.set(this.#table);
      this.#table = larger;
    }
    return node;
  }

  #nextOf(node: number, value: number): number {
    return this.#table[(node << classBits) | value] as number;
  }

  #hasLetters(node: number): boolean {
    for (let value = space + 1; value < digit; value++) {
      if (this.#nextOf(node, value) !== nowhere) return true;
    }
    return false;
  }

  #connect(from: number, value: number, to: number): void {
    this.#table[(from << classBits) | value] = to;
  }

  #connectIfFree(from: number, value: number, to: number): void {
    if (this.#nextOf(from, value) === nowhere) this.#connect(from, value, to);
  }

  #add(word: string, shows: number): void {
    let node = 0;
    for (const character of word) {
      // Whoever has come here is read already.
      if (((this.#shown[node] as number) & read) !== 0 && node !== 0) return;
      if (character === '_') break;
      const value = classes[character.charCodeAt(0)] as number;
      if (character === '.' || value === space) {
        node = this.#addParting(node, character === '.');
      } else if (value < foreign) {
        node = this.#child(node, value);
      } else {
        // A character beyond ASCII is one, or a letter with a mark behind it.
        const base = classes[character.normalize('NFD').charCodeAt(0)] as number;
        if (base < foreign) this.#child(node, base);
        node = this.#child(node, value);
        break;
      }
    }
    this.#shown[node] = (this.#shown[node] as number) | shows;
  }

  /** What parts words; or what ends a sentence or a line, which spaces may stand before. */
  #addParting(node: number, endsSentence: boolean): number {
    const spaces = this.#child(node, space);
    this.#connect(spaces, space, spaces);
    const known = this.#nextOf(node, punctuation);
    const end = known !== nowhere ? known : endsSentence ? this.#addNode() : spaces;
    this.#connect(node, punctuation, end);
    this.#connectIfFree(spaces, punctuation, end);
    return endsSentence ? end : spaces;
  }

  #child(node: number, value: number): number {
    const known = this.#nextOf(node, value);
    if (known !== nowhere) return known;
    const child = this.#addNode();
    this.#connect(node, value, child);
    return child;
  }
}

/** Marks all groups of four characters that begin with these. `index`: their classes, one after the other. */
function mark(marks: Int32Array, bit: number, index: number, length: number): void {
  const free = (lookedAt - length) * classBits;
  const end = (index + 1) << free;
  for (let each = index << free; each < end; each++)
    marks[each >> 4] = (marks[each >> 4] as number) | (bit << ((each & 15) << 1));
}

/**
 * How a word may begin that is dragged out ("sstooop") or spelled ("s.t.o.p"), as groups of four characters.
 */
function listDragged(word: string): number[] {
  const values = [...word].map((character) => classes[character.charCodeAt(0)] as number);
  const found = new Set<number>();
  const list = (at: number, index: number, length: number): void => {
    if (length >= lookedAt) {
      found.add(index >> ((length - lookedAt) * classBits));
      return;
    }
    const value = values[at];
    if (value === undefined) return;
    const added = (index << classBits) | value;
    list(at + 1, added, length + 1);
    list(at, added, length + 1);
    for (const between of parting) list(at + 1, (added << classBits) | between, length + 2);
  };
  list(0, 0, 0);
  return [...found];
}

/**
 * The first characters of all texts that are one slip away from a word, dragged out ("stooop") or spelled
 * ("s.t.o.p").
 */
function markSlips(marks: Int32Array, word: string): void {
  const values = [...word].map((character) => classes[character.charCodeAt(0)] as number);
  const list = (at: number, index: number, length: number, hasSlipped: boolean): void => {
    if (length >= lookedAt) return mark(marks, isSlip, index >> ((length - lookedAt) * classBits), lookedAt);
    const add = (value: number) => (index << classBits) | value;
    const [before, value, following] = [values[at - 1], values[at], values[at + 1]];
    if (value === undefined) {
      list(at, add(space), length + 1, hasSlipped);
      if (!hasSlipped)
        for (let other = 0; other < classCount; other++) list(at, add(other), length + 1, true);
      return;
    }
    list(at + 1, add(value), length + 1, hasSlipped);
    if (before !== undefined && (index & unclear) === before) list(at, add(before), length + 1, hasSlipped);
    if (length > 0) {
      for (const between of parting)
        list(at + 1, (add(between) << classBits) | value, length + 2, hasSlipped);
    }
    if (hasSlipped) return;
    for (let other = 0; other < classCount; other++) {
      list(at, add(other), length + 1, true);
      list(at + 1, add(other), length + 1, true);
    }
    list(at + 1, index, length, true);
    if (following !== undefined) list(at + 2, (add(following) << classBits) | value, length + 2, true);
  };
  list(0, 0, 0, false);
}
