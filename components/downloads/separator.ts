/** The separators people ask for by name, and a character of one's own. */
export const separatorChoices = [
  { value: 'comma', label: 'Comma', character: ',' },
  { value: 'semicolon', label: 'Semicolon', character: ';' },
  { value: 'tab', label: 'Tab', character: '\t' },
  { value: 'pipe', label: 'Pipe', character: '|' },
  { value: 'other', label: 'Other', character: null },
] as const;

export type SeparatorChoice = (typeof separatorChoices)[number]['value'];

/** Why a character cannot separate fields, in words for who typed it; null when it can. */
export function findSeparatorProblem(typed: string): string | null {
  const characters = [...typed];
  if (characters.length === 0) return 'Type the character that should stand between the fields.';
  if (/[\r\n]/.test(typed)) return 'A line break cannot be used: it ends a row.';
  if (characters.length > 1) return 'Type exactly one character.';
  if (/["']/.test(typed)) return 'A quote cannot be used: it marks where a text begins and ends.';
  if (typed === '\t') return null;
  if (/[\s\p{L}\p{N}]/u.test(typed))
    return 'A letter, a digit or a space cannot be used: the fields contain them.';
  if (!/^[!-~]$/.test(typed)) return 'Use a plain sign from the keyboard, such as # ^ ~ or :';
  return null;
}

const storageKey = 'download-separator';

/** The separator this browser used last; a comma at first. */
export function recallSeparator(): { choice: SeparatorChoice; other: string } {
  const stored = readStorage();
  if (stored === null || findSeparatorProblem(stored) !== null) return { choice: 'comma', other: '' };
  const named = separatorChoices.find(({ character }) => character === stored);
  return named ? { choice: named.value, other: '' } : { choice: 'other', other: stored };
}

export function rememberSeparator(character: string): void {
  try {
    localStorage.setItem(storageKey, character);
  } catch {
    // Storage is full or switched off: the next download starts with a comma again, which is no harm.
  }
}

function readStorage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
