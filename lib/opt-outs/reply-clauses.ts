import { normaliseText } from '../sms/text';
import { joinableWords, misspellings, wishVerbs } from './wish-surroundings';

/** A part of a reply that stands by itself: a line, a sentence, or what stands between two commas. */
export interface Clause {
  /** Lower case, without accents and apostrophes; words that nobody writes are "#". */
  words: readonly string[];
  /** Nothing stands before it in the reply, or behind it. */
  isFirst: boolean;
  isLast: boolean;
  /** It is the beginning of a line, or all of one. */
  beginsLine: boolean;
  isLineOfItsOwn: boolean;
  /** A question mark ends it. */
  isQuestion: boolean;
  /** Its last word is in capitals, as the rest of its line is not. */
  endsInCapitals: boolean;
}

const lineBreaks = /[\n\r\v\f\x85\u2028\u2029]+/;
/** What others wrote: quoted lines of a mail, and our own text with which somebody reacts ("Liked “…”"). */
const quotedLine = /^[\s\u200b-\u200f\ufeff]{0,20}>/;
export const reaction =
  /^(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|reacted .{1,20}to|removed an? .{1,20}from|to) ?["“„«]/u;
const closingQuotes = /["”“»](?=[^"”“»]*$)/u;

const apostrophes = /['’‘`´]/g;
const marks = /\p{M}+/gu;
const stretchedAscii = /([a-z])\1{2,}/g;
const stretched = /(\p{L})\1{2,}/gu;
const capitalsAtEnd = /(?<=[ \t])[A-Z]{3,}[^\p{L}\p{N}]{0,20}$/u;
/** Our own words, wherever they stand: "Opt out: STOP", "SMS STOP to 31022". */
const invitation =
  /(?:opt[ -]?out|unsub(?:scribe)?|stop(?: sms(?:es)?)?|afmeld|uitteken) ?[:=?/] ?["'“‘]?(?:(?:reply|sms|send|text|stuur|antwoord) )?["'“‘]?(?:stop|end|optout|unsub(?:scribe)?)(?![\p{L}\p{N}])|(?:reply|sms|send|text|stuur|antwoord|whatsapp) ["'“‘]?(?:stop|end|cancel|quit|unsubscribe|optout|opt out)["'”’]? (?:to|na|for) \S{1,40}/gu;
// "opt - out": what parts it would end a clause.
const partedOptOut = /(?<![\p{L}\p{N}])opt[^\p{L}\p{N}]{2,5}out/gu;
// A full stop within a word ("opt.out", "winsms.co.za") and a colon without a space ("END:VCARD") end
// nothing.
const clauseEnds =
  /[!?;…,،。！？]+|\.(?=[. ]|$)\.*|:(?= |$)|(?<= )[-–—~]+(?= )|["“”„«»|]+|\p{Extended_Pictographic}+/gu;
const word = /[\p{L}\p{N}]+/gu;
const longestWord = 40;
/** "0821234567 stop": whoever writes a phone number means it by "number". */
const phoneNumber = /^\d{9,15}$/;

/** Cuts a reply into its clauses, without what it quotes. Linear in the text's length. */
export function cutIntoClauses(text: string): Clause[] {
  const lines = dropReaction(text)
    .split(lineBreaks)
    .filter((line) => line.trim() !== '');
  const own = dropQuotedLines(lines);
  const clauses: Clause[] = [];
  for (const line of own) {
    const parts = cutLine(line);
    parts.forEach(({ words, isQuestion }, at) => {
      const isFirst = clauses.length === 0;
      const endsInCapitals =
        at === parts.length - 1 && capitalsAtEnd.test(line.slice(-60)) && /[a-z]/.test(line);
      clauses.push({
        words,
        isQuestion,
        endsInCapitals,
        beginsLine: at === 0,
        isLineOfItsOwn: parts.length === 1,
        isFirst,
        isLast: false,
      });
    });
  }
  const last = clauses.at(-1);
  if (last !== undefined) last.isLast = true;
  return clauses;
}

function cutLine(line: string): { words: string[]; isQuestion: boolean }[] {
  const text = simplify(normaliseText(line)).replace(partedOptOut, 'opt out').replace(invitation, ' ; ');
  const parts: { words: string[]; isQuestion: boolean }[] = [];
  let start = 0;
  for (const end of [...text.matchAll(clauseEnds)]) {
    parts.push({ words: readWords(text.slice(start, end.index)), isQuestion: end[0].includes('?') });
    start = end.index + end[0].length;
  }
  // What ends a text was trimmed.
  parts.push({
    words: readWords(text.slice(start)),
    isQuestion: /\?[^\p{L}\p{N}]{0,20}$/u.test(line.slice(-30)),
  });
  return parts.filter(({ words }) => words.length > 0);
}

function dropQuotedLines(lines: readonly string[]): readonly string[] {
  return lines.length === 1 ? lines : lines.filter((line) => !quotedLine.test(line));
}

/** What stands behind our quoted text, if anything. */
function dropReaction(text: string): string {
  if (!reaction.test(normaliseText(text.slice(0, 200)))) return text;
  const closing = closingQuotes.exec(text);
  return closing === null ? '' : text.slice(closing.index + 1);
}

function simplify(normalised: string): string {
  const plain = normalised.replace(apostrophes, '');
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.replace(stretchedAscii, '$1');
  return plain.normalize('NFD').replace(marks, '').normalize('NFC').replace(stretched, '$1');
}

function readWords(part: string): string[] {
  const words: string[] = [];
  for (const [found] of part.matchAll(word)) {
    if (found.length > longestWord) words.push('#');
    else if (phoneNumber.test(found)) words.push('number');
    else if (joinableWords.has(found)) words.push(found);
    else words.push(...(misspellings.get(found)?.split(' ') ?? splitJoined(found) ?? [found]));
  }
  return words;
}

const aWishVerb = new RegExp([...wishVerbs].join('|'));

/** "stopsendingsms" as "stop sending sms"; null for what is not made of such words alone. */
export function splitJoined(found: string): string[] | null {
  if (found.length < 5 || !aWishVerb.test(found)) return null;
  // The way in which each length can be reached with the fewest words.
  const ways: (readonly string[] | undefined)[] = [[]];
  for (let end = 1; end <= found.length; end++) {
    for (let start = Math.max(0, end - 14); start < end; start++) {
      const way = ways[start];
      const piece = found.slice(start, end);
      if (way === undefined || way.length + 1 >= (ways[end]?.length ?? Infinity)) continue;
      const isDigits = /^[0-9]{1,6}$/.test(piece) && !/[0-9]$/.test(found.slice(0, start));
      if (joinableWords.has(piece) || (isDigits && !/^[0-9]/.test(found.slice(end))))
        ways[end] = [...way, piece];
    }
  }
  const pieces = ways[found.length];
  return pieces?.some((piece) => wishVerbs.has(piece)) ? [...pieces] : null;
}
