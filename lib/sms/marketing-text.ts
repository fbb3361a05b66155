import { measureText } from './segments';

/** What a marketing text has to say, and does not: who is speaking, and how to opt out. */
export interface MissingFromMarketing {
  name: boolean;
  wayOut: boolean;
}

/** What is offered at its end. */
export const readyEnding = 'Opt out: reply STOP';

/** Forms of companies, which nobody writes in an SMS. */
const companyForm =
  /\s*(?:\(?\s*pty\s*\)?\.?\s*ltd\.?|\(?\s*edms\s*\)?\.?\s*bpk\.?|cc|npc|inc\.?|ltd\.?|bk)\s*$/iu;

/** Words that by themselves say that messages end, in English and Afrikaans. */
const endsByItself =
  /(?<![\p{L}\p{N}])(?:stop|unsub(?:scribe)?|opt[\s-]?out|teken[\s-]uit|meld[\s-]af)(?![\p{L}\p{N}])/iu;

/**
 * Compares a marketing text with what it must say: the consumer must be able to tell who is speaking (section
 * 11 of the Consumer Protection Act and its regulations) and how to opt out (POPIA, s 69(4)(b)).
 *
 * @param names of the account, and others under which it trades; the first two words of one are enough. One
 *   without a letter or a digit cannot be looked for; where there is no other, none is missing
 */
export function findMissingFromMarketing(text: string, names: readonly string[]): MissingFromMarketing {
  const said = simplify(text);
  const known = names.map((name) => simplify(dropCompanyForm(name))).filter((name) => name !== '');
  return {
    name:
      known.length > 0 &&
      !known.some((name) => ` ${said} `.includes(` ${name.split(' ').slice(0, 2).join(' ')} `)),
    wayOut: !endsByItself.test(text),
  };
}

/** Puts who is speaking before a text: "Karoo Coffee: …". */
export function beginWithName(text: string, name: string): string {
  return `${dropCompanyForm(name)}: ${text.trimStart()}`;
}

/** Why a text may not be sent as marketing, with what mends it and what that costs; null: it may. */
export function describeMissingFromMarketing(
  text: string,
  names: readonly [string, ...string[]],
): string | null {
  const missing = findMissingFromMarketing(text, names);
  if (!missing.name && !missing.wayOut) return null;
  const named = missing.name ? beginWithName(text, names[0]) : text;
  const whole = missing.wayOut ? addReadyEnding(named) : named;
  const [before, after] = [measureText(text).segments, measureText(whole).segments];
  return [
    'A marketing text has to say who is speaking and how to opt out.',
    missing.name &&
      `This one does not say who is speaking: begin it with “${beginWithName('', names[0]).trim()}”.`,
    missing.wayOut && `This one does not say how to opt out: end it with “${readyEnding}”.`,
    after > before
      ? `It then takes ${after} segments instead of ${before}.`
      : `It then still takes ${formatSegments(after)}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function formatSegments(segments: number): string {
  return segments === 1 ? '1 segment' : `${segments} segments`;
}

/** A name as people say it; one that is nothing else stays as it is. */
function dropCompanyForm(name: string): string {
  return name.replace(companyForm, '').trim() || name.trim();
}

/** Puts the ready ending behind a text, in a line of its own where it has several. */
export function addReadyEnding(text: string): string {
  const body = text.trimEnd();
  if (body.includes('\n')) return `${body}\n${readyEnding}`;
  return `${body}${/[.!?:]$/u.test(body) ? '' : '.'} ${readyEnding}`;
}

/** Letters and digits, in small letters, a space between the words. */
function simplify(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
