// Nearly every reply is ordinary conversation, and nearly all of that can be told by its first few letters. A glance
// reads a text as it came, letter by letter, only for as long as it may still become a keyword, a phrase or a slip:
// four letters on average. It may take an ordinary text for a suspect, never the other way round; matcher.test.ts holds
// it to that.

/** What makes a text a suspect. All of it normalised. */
export interface Suspicions {
  /** How a suspect may begin; `_` is any character. */
  openings: readonly string[];
  /** The same, but only as whole words. */
  wholeWords?: readonly string[];
  /** Words with which a text may begin before it comes to an opening, and words that may follow those. */
  leadIns?: readonly string[];
  fillers?: readonly string[];
  /** Words that make a suspect of a text which is one slip away from them. */
  slipTargets?: readonly string[];
  /** Words that do so dragged out ("stooop") or spelled ("s.t.o.p"). */
  stretchTargets?: readonly string[];
}

// Characters fall into classes: what parts words, letters of either case, digits, letters beyond ASCII. What only
// normalising can judge is unclear, and makes a suspect of any text that has it where the glance looks.
const parting = 0;
const digit = 27;
const foreign = 28;
const unclear = 31;
const classBits = 5;

const classes = new Uint8Array(1 << 16).fill(unclear);
for (let code = 0; code < 0x100; code++) classes[code] = classifyCode(code);
// Dashes, curly quotes, the ellipsis; Japanese and Chinese characters.
classes.fill(parting, 0x2010, 0x2028);
classes.fill(foreign, 0x3041, 0x3097);
classes.fill(foreign, 0x30a1, 0x30fb);
classes.fill(foreign, 0x3400, 0x4dc0);
classes.fill(foreign, 0x4e00, 0x9ff0);

function classifyCode(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return code & 31;
  if (/[0-9]/.test(character)) return digit;
  if (/[À-ÖØ-öø-ÿ]/.test(character)) return foreign;
  return /[\t-\r -~]/.test(character) ? parting : unclear;
}

/** A place in the words looked for, and the places to which each class of character leads from it. */
interface Place {
  readonly id: number;
  readonly next: Map<number, Set<Place>>;
  /** By character, for words that begin alike. */
  readonly children: Map<string, Place>;
  /** Whoever comes here is a suspect. */
  isSuspect: boolean;
  /** Whose text ends here is a suspect. */
  isEnd: boolean;
}

// States of the automaton: each but these is a set of places to which a text may have come. Transitions are worked out
// when a text first takes them, so that building takes no time and the table holds what really occurs.
const unknown = -1;
const ordinary = 0;
const suspect = 1;

/** Tells suspects from ordinary texts without reading most of them to the end. */
export class Glance {
  readonly #start: number;
  readonly #transitions: Int16Array;
  readonly #capacity: number;
  readonly #states: (readonly Place[])[] = [[], []];
  readonly #isEnd: Uint8Array;
  readonly #numbers = new Map<string, number>();

  /** @param capacity how many states to remember (32,767 at most); a text that needs more is a suspect */
  constructor(suspicions: Suspicions, capacity: number) {
    const graph = new WordGraph();
    const start = graph.addPlace();
    const later = graph.addPlace();
    for (const place of [start, later]) {
      connect(place, parting, place);
      for (const opening of suspicions.openings) graph.addOpening(place, opening);
      for (const word of suspicions.wholeWords ?? []) graph.addWholeWord(place, word);
    }
    for (const word of suspicions.leadIns ?? []) graph.addFiller(start, word, later);
    for (const word of suspicions.fillers ?? []) graph.addFiller(later, word, later);
    graph.expectKeycap(start);
    const slips = (suspicions.slipTargets ?? []).map((word) => graph.addSlips(word));
    const stretches = (suspicions.stretchTargets ?? []).map((word) => graph.addStretches(word));

    this.#capacity = capacity;
    this.#isEnd = new Uint8Array(capacity);
    this.#transitions = new Int16Array(capacity << classBits).fill(unknown);
    this.#start = this.#numberState([start, ...slips, ...stretches]);
  }

  /** False only for a text whose verdict is certainly `none`, whatever stands where the glance did not look. */
  isSuspect(text: string): boolean {
    const transitions = this.#transitions;
    const length = text.length;
    let state = this.#start;
    for (let at = 0; at < length; at++) {
      state = transitions[(state << classBits) | (classes[text.charCodeAt(at)] as number)] as number;
      if (state <= suspect) return state === suspect || (state === unknown && this.#learn(text));
    }
    return this.#isEnd[state] === 1;
  }

  // Reads the text once more, and remembers its transitions. Apart from the loop above, which it would slow down.
  #learn(text: string): boolean {
    let state = this.#start;
    for (let at = 0; at < text.length && state > suspect; at++) {
      const value = classes[text.charCodeAt(at)] as number;
      const places = new Set<Place>();
      for (const place of this.#states[state] ?? []) {
        for (const next of place.next.get(value) ?? []) places.add(next);
      }
      const index = (state << classBits) | value;
      state = value === unclear ? suspect : this.#numberState([...places]);
      this.#transitions[index] = state;
    }
    return state === suspect || this.#isEnd[state] === 1;
  }

  #numberState(places: readonly Place[]): number {
    if (places.length === 0) return ordinary;
    if (places.some(({ isSuspect }) => isSuspect)) return suspect;
    const key = String(places.map(({ id }) => id).sort((a, b) => a - b));
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#states.length;
    if (number === this.#capacity) return suspect;
    this.#states.push(places);
    this.#isEnd[number] = Number(places.some(({ isEnd }) => isEnd));
    this.#numbers.set(key, number);
    return number;
  }
}

class WordGraph {
  #size = 0;

  addPlace(): Place {
    return { id: this.#size++, next: new Map(), children: new Map(), isSuspect: false, isEnd: false };
  }

  addOpening(start: Place, opening: string): void {
    const place = this.#follow(start, opening);
    if (place !== null) place.isSuspect = true;
  }

  addWholeWord(start: Place, word: string): void {
    const place = this.#follow(start, word);
    if (place === null) return;
    this.#endAt(place);
    this.addOpening(place, ' ');
  }

  addFiller(start: Place, word: string, end: Place): void {
    const place = this.#follow(start, word);
    if (place !== null) connect(place, parting, end);
  }

  /** Texts that are one character more, less, other or swapped away from the word. Returns where they start. */
  addSlips(word: string): Place {
    const typed = this.#addLine(word.length + 1);
    const slipped = this.#addLine(word.length + 1);
    typed.forEach((place, at) => {
      const [character, following] = [word[at], word[at + 1]];
      connectAny(place, slipped[at]);
      if (character === undefined) return;
      connectAny(place, slipped[at + 1]);
      connect(place, classify(character), typed[at + 1]);
      connect(slipped[at], classify(character), slipped[at + 1]);
      if (following === undefined) return;
      connect(place, classify(following), slipped[at + 2]);
      const swapped = this.#addLine(1)[0];
      connect(place, classify(following), swapped);
      connect(swapped, classify(character), slipped[at + 2]);
    });
    for (const place of [...typed.slice(-2), ...slipped.slice(-1)]) this.#endAt(place);
    return typed[0] as Place;
  }

  /** Texts in which each letter of the word may stand more than once. Returns where they start. */
  addStretches(word: string): Place {
    const line = this.#addLine(word.length + 1);
    [...word].forEach((character, at) => {
      connect(line[at], classify(character), line[at + 1]);
      connect(line[at + 1], classify(character), line[at + 1]);
    });
    for (const place of line.slice(-1)) this.#endAt(place);
    return line[0] as Place;
  }

  #endAt(place: Place): void {
    place.isEnd = true;
    this.expectKeycap(place);
  }

  /** A digit here may turn out to be an emoji ("1️⃣"), which is trimmed: what follows it is unclear then. */
  expectKeycap(place: Place): void {
    connect(place, digit, this.addPlace());
  }

  /** Places at each of which any number of partings may stand, as they may before normalising. */
  #addLine(size: number): Place[] {
    const places = Array.from({ length: size }, () => this.addPlace());
    for (const place of places) connect(place, parting, place);
    return places;
  }

  /** Where this word leads to, or null when what comes then cannot be told from the text as it came. */
  #follow(start: Place, word: string): Place | null {
    let place = start;
    for (const character of word) {
      const value = classify(character);
      if (character === '_') place.isSuspect = true;
      if (value >= foreign) this.#addComposed(place, character, value);
      if (character === '_' || value >= foreign) return null;
      const child = place.children.get(character) ?? this.addPlace();
      place.children.set(character, child);
      connect(place, value, child);
      // What is one space once normalised may be several now.
      if (value === parting) connect(child, parting, child);
      place = child;
    }
    return place;
  }

  /** A character beyond ASCII is unclear as one; as a letter with a mark behind it, the mark is. */
  #addComposed(place: Place, character: string, value: number): void {
    const base = classify(character.normalize('NFD').charAt(0));
    if (base < foreign) connect(place, base, this.addPlace());
    if (value !== foreign) return;
    const composed = this.addPlace();
    composed.isSuspect = true;
    connect(place, foreign, composed);
  }
}

function connect(from: Place | undefined, value: number, to: Place | undefined): void {
  if (from === undefined || to === undefined) return;
  const places = from.next.get(value) ?? new Set();
  from.next.set(value, places.add(to));
}

function connectAny(from: Place, to: Place | undefined): void {
  for (let value = 0; value <= foreign; value++) connect(from, value, to);
}

function classify(character: string): number {
  return classes[character.charCodeAt(0)] ?? unclear;
}
