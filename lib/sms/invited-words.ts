/** A keyword as far as this needs it: `_` in it is any one character. */
export interface InvitingKeyword {
  word: string;
  match: 'exact' | 'prefix';
}

/** A text asks for a word as the answer to something, and whoever sends that word is opted out. */
export interface InvitedWord {
  /** As it stands in the text: "CANCEL". */
  word: string;
  /**
   * What it is asked for, as it stands in the text: "to cancel your appointment"; null when nothing is said.
   */
  purpose: string | null;
}

/** Words that ask for an answer, in English and Afrikaans. */
const asks =
  'reply|respond|answer|text|txt|sms|send|type|press|say|return|use|whatsapp|choose|antwoord|stuur|tik|sê|kies|gebruik';
const asking = new RegExp(`(?<![\\p{L}\\p{N}])(?:${asks})(?![\\p{L}\\p{N}])`, 'iu');
/** What stands between such a word and the one asked for: reply “with the word STOP”, “back STOP”, “STOP”. */
const askedDirectly = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${asks})(?:\\s+(?:back|us|by|with|the|word|words|keyword|sms|text|only|just|a|met|die|woord|net|per|terug))*[\\s:=\\-–“”"'‘’*(<\\[]+$`,
  'iu',
);
/** Another answer stands before it: "YES or STOP", "1/2/STOP", "CONFIRM, CANCEL". */
const alternative =
  /(?:^|[\s“"'(])(?:[\p{Lu}]{1,12}|\d{1,2}|[\p{L}])[”"')]?\s*(?:\/|,|\||or|of|\bor\b)\s*[“"'(]*$/u;
/** The purpose follows: "to …", "for …", "= …". */
const purposeStart =
  /^[”"'’)\]>*]*\s*(?:(?:to|for|if|and|when|om|vir|as|indien|en)\b\s*|[=:\-–>]+\s*)(?=[\p{L}\p{N}])/iu;
/** The purpose went before: "To cancel your booking, reply …", "Om te kanselleer, antwoord …". */
const purposeBefore = /(?<![\p{L}\p{N}])(?:to|om te|for|vir|if|as|indien)\s+[\p{L}][^]*$/iu;

/** What an ordinary opt-out line says: that messages end. */
const optOutWords = new RegExp(
  [
    'opt(?:ed|ing|s)?[\\s-]*out',
    'opt[\\s-]*in', // "opt back in" stands beside
    'uns?ub(?:scribe)?',
    'teken\\s+uit|uitteken|uit te teken|meld\\s+(?:jou\\s+)?af|afmeld|af te meld|skryf\\s+uit|uitskryf',
    "(?:no|any|further|more|these|our|all|future|receiving|receive|get|getting|marketing|promotional|promo|from)\\s+(?:more\\s+|further\\s+|future\\s+|such\\s+|our\\s+)*(?:marketing\\s+|promo(?:tional)?\\s+)?(?:messages?|msgs?|sms(?:es|'s)?|texts?|alerts?|updates?|offers?|news(?:letters?)?|comms?|communications?|notifications?|specials|promotions?|adverts?|ads)",
    '(?:messages?|msgs?|smse?s?|texts?|alerts?|marketing|comms|communication|newsletters?|notifications?|mailing list|subscription|boodskappe|bemarking|adverts?)(?![\\p{L}\\p{N}])',
    '(?:be\\s+)?removed?(?:\\s+me)?\\s+(?:from|off)',
    '(?:our|the|this|mailing|marketing|contact|data)\\s*(?:base|list|lists|database)',
    'hearing\\s+from|contact(?:ing|ed)?\\s+(?:me|you|again)|do\\s+not\\s+contact|not\\s+be\\s+contacted',
    'not\\s+(?:to\\s+)?receive|stop\\s+receiving|block',
  ].join('|'),
  'iu',
);
/** "STOP to cancel", "END to end": what carriers ask to be written, and no more is said. */
const bareEnd = /^(?:cancel|end|quit|stop|exit|leave|unsub(?:scribe)?|op\s*hou|ophou|kanselleer)$/iu;
/** Something of the recipient's that one could also cancel, stop or end. */
const otherThing =
  /(?<![\p{L}])(?:appointments?|bookings?|orders?|deliver(?:y|ies)|reservations?|visits?|sessions?|classes|class|lessons?|parcels?|payments?|debits?|collections?|meetings?|interviews?|trips?|rides?|tickets?|policy|policies|afspra(?:ak|ke)|besprekings?|bestellings?|aflewerings?)(?![\p{L}])/iu;

const sentenceEnd = /[.!?](?=\s|$)|[\n\r;]+/u;
// A campaign text has 918 characters; beyond that nothing is sent.
const longestText = 2000;

/**
 * The keywords that a text asks for as the answer to something else than opting out: "Reply CANCEL to cancel
 * your appointment". An ordinary opt-out line ("Reply STOP to opt out") is none. Meant to warn the writer, so
 * it asks rather too often than too seldom. Pure; looks at the first 2,000 characters.
 */
export function findInvitedWords(text: string, keywords: readonly InvitingKeyword[]): InvitedWord[] {
  const pattern = composePattern(keywords);
  if (!pattern) return [];
  const read = text.slice(0, longestText);
  const mentionsThing = otherThing.test(read);
  const invited = new Map<string, InvitedWord>();
  for (const sentence of splitSentences(read)) {
    const matches = [...sentence.matchAll(pattern)].filter((match) => isAskedFor(sentence, match));
    for (const [index, match] of matches.entries()) {
      const end = match.index + match[0].length;
      const from = index === 0 ? 0 : endOf(matches[index - 1]);
      const before = sentence.slice(from, match.index);
      const after = sentence.slice(end, matches[index + 1]?.index);
      const purpose = readPurpose(before, after);
      if (isOptOut(purpose, before, after, mentionsThing)) continue;
      const key = match[0].toLowerCase();
      if (!invited.has(key)) invited.set(key, { word: match[0], purpose: purpose?.words ?? null });
    }
  }
  return [...invited.values()];
}

function endOf(match: RegExpMatchArray | undefined): number {
  return match ? (match.index ?? 0) + match[0].length : 0;
}

function splitSentences(text: string): string[] {
  return text.split(new RegExp(sentenceEnd, 'gu')).filter((sentence) => sentence.trim() !== '');
}

/** One pattern of all keywords, the longest first; null without any. */
function composePattern(keywords: readonly InvitingKeyword[]): RegExp | null {
  const words = keywords
    .filter(({ word }) => word.trim() !== '')
    .toSorted((a, b) => b.word.length - a.word.length)
    .map(({ word, match }) => {
      const escaped = word
        .replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
        .replaceAll('_', '[^]')
        .replaceAll(/\s+/g, '\\s+');
      return match === 'prefix' ? `${escaped}[\\p{L}\\p{N}]*` : `${escaped}(?![\\p{L}\\p{N}])`;
    });
  return words.length === 0 ? null : new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})`, 'giu');
}

/** Whether the word is asked for as an answer; "we will stop by" is not. */
function isAskedFor(sentence: string, match: RegExpExecArray): boolean {
  const before = sentence.slice(0, match.index);
  if (askedDirectly.test(before)) return true;
  const stands = match[0] === match[0].toUpperCase() || /[“"'‘]$/u.test(before);
  if (!stands) return false;
  // In capitals or quotation marks: after something that asks, or with what it is for.
  const after = sentence.slice(match.index + match[0].length);
  return asking.test(before) || purposeStart.test(after);
}

interface Purpose {
  words: string;
  /** Without what begins it: "cancel your appointment". */
  what: string;
}

const clauseEnd = /[,(]|(?<![\p{L}])(?:or|of|otherwise|anders)(?![\p{L}])/iu;

function readPurpose(before: string, after: string): Purpose | null {
  const start = purposeStart.exec(after);
  if (start) {
    const clause = trimSigns(after.split(clauseEnd)[0] ?? '');
    const what = trimSigns(after.slice(start[0].length).split(clauseEnd)[0] ?? '');
    return what === '' ? null : { words: clause, what };
  }
  const earlier = purposeBefore.exec(before)?.[0];
  if (earlier === undefined) return null;
  // "To cancel your booking, reply": what asks for the answer is no part of the purpose.
  const clause = trimSigns(earlier.split(asking)[0] ?? '');
  const what = clause.replace(/^(?:om te|to|for|vir|if|as|indien)\s+/iu, '');
  return what === '' || what === clause ? null : { words: clause, what };
}

function trimSigns(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+/u, '').replace(/[^\p{L}\p{N}]{1,40}$/u, '');
}

/** Whether what is asked for ends messages, as the answer will. */
function isOptOut(purpose: Purpose | null, before: string, after: string, mentionsThing: boolean): boolean {
  if (purpose) {
    if (optOutWords.test(purpose.what)) return true;
    return bareEnd.test(purpose.what) && !mentionsThing;
  }
  if (optOutWords.test(before) || optOutWords.test(after)) return true;
  // Nothing is said of what it is for: "Reply STOP" is the ordinary line, "Reply YES or STOP" a choice.
  return !alternative.test(before) && !mentionsThing;
}
