/** A part of a number, however it was typed, and how an index finds the numbers that have it. */
export interface NumberPart {
  /** For LIKE. */
  pattern: string;
  /**
   * The fives of digits by which number_parts (prisma/migrations) finds it: all of them are in a number that
   * has this part, or one of them is. None: the pattern has a beginning, by which the index on numbers finds
   * it.
   */
  fives: { digits: string[]; need: 'all' | 'any' } | null;
  /** Whether an index is of use: of a million numbers, next to all have some digit. */
  isIndexed: boolean;
  /** Whether so few numbers have it that reading the list until a page is full would take longer. */
  isSelective: boolean;
}

/**
 * Reads what may be part of a number: "082 123" and "+27 82 123" are the beginning 2782123…, "123 45" stands
 * anywhere.
 *
 * @returns null when what is sought cannot be part of a number
 */
export function readNumberPart(sought: string): NumberPart | null {
  if (/[^\d\s()+.-]/.test(sought)) return null;
  const digits = sought.replace(/\D/g, '');
  if (digits === '') return null;
  if (sought.startsWith('+') || digits.startsWith('00')) return composeBeginning(digits.replace(/^00/, ''));
  if (digits.startsWith('0')) return composeBeginning(`27${digits.slice(1)}`);
  return {
    pattern: `%${digits}%`,
    fives:
      digits.length >= 5
        ? { digits: listFives(digits), need: 'all' }
        : { digits: extend(digits), need: 'any' },
    isIndexed: digits.length >= 3,
    isSelective: digits.length >= 5,
  };
}

function composeBeginning(digits: string): NumberPart {
  return {
    pattern: `${digits}%`,
    fives: null,
    isIndexed: digits.length >= 3,
    isSelective: digits.length >= 7,
  };
}

/** "1234567" has the fives 12345, 23456, 34567. */
function listFives(digits: string): string[] {
  return Array.from({ length: digits.length - 4 }, (_, start) => digits.slice(start, start + 5));
}

/** The fives that hold three or four digits: of 4567 they are 04567, 14567, … and 45670, 45671, …. */
function extend(digits: string): string[] {
  if (digits.length < 3) return [];
  const missing = 5 - digits.length;
  const fillings = Array.from({ length: 10 ** missing }, (_, n) => String(n).padStart(missing, '0'));
  const fives = fillings.flatMap((filling) =>
    Array.from(
      { length: missing + 1 },
      (_, before) => filling.slice(0, before) + digits + filling.slice(before),
    ),
  );
  return [...new Set(fives)];
}
