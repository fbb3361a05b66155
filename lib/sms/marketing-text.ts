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
 * @param names of the account, and others under which it trades; the first two words of one are enough
 */
export function findMissingFromMarketing(text: string, names: readonly string[]): MissingFromMarketing {
  const said = simplify(text);
  return {
    name: !names.some((name) => {
      const words = simplify(name.replace(companyForm, '')).split(' ').filter(Boolean);
      return words.length > 0 && ` ${said} `.includes(` ${words.slice(0, 2).join(' ')} `);
    }),
    wayOut: !endsByItself.test(text),
  };
}

/** Puts who is speaking before a text: "Karoo Coffee: …". */
export function beginWithName(text: string, name: string): string {
  return `${name.replace(companyForm, '').trim()}: ${text.trimStart()}`;
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
