/**
 * A sender number in its one form, in which they are stored and compared: a long code as digits with the
 * country code ("27871234567"), a short code as its digits ("31023"), a name as it is written ("MTN").
 */
export type SenderNumber = string & { readonly __brand: 'SenderNumber' };

// As in the check constraint (prisma/migrations/20261128130100_one_form_of_sender_numbers), which has the
// same rules in SQL.
const numberSigns = /^[-+\d\s()./]+$/;
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]+/gu;
const maxLength = 100;

const countryCode = '27';
const nationalLength = 9;
const shortest = 3;
const longest = 6;

/**
 * The one form of a sender number, however a carrier or a person writes it: +27(0)87 123 4567, 0027871234567,
 * 0871234567, 871234567; 31023, 27 31023, 031023, +31023. Whose number it is must not hang on the writing: a
 * "Stop" to a number that nobody is found to own blocks nobody.
 *
 * - Up to six digits are a short code as they stand, with a plus or without: no telephone number is that
 *   short. A zero or our country code before it goes ("031023", "2731023"); the code of another country
 *   stays, so +264 31023 is not ours.
 * - Nine digits are a national number: "310231234" begins like a short code and is none.
 * - Whatever reads differently without its plus keeps it ("+298123456").
 *
 * Pure, linear in the text's length, and its own result is left as it is.
 */
export function readSenderNumber(address: string): SenderNumber {
  if (address.length > maxLength) return address.toWellFormed() as SenderNumber;
  const written = address.toWellFormed().normalize('NFKC').replace(invisible, '').trim();
  if (written.length > maxLength || !numberSigns.test(written) || !/\d/.test(written)) {
    return written as SenderNumber;
  }
  const digits = written.replace('(0)', '').replace(/\D/g, '');
  const international = /^00+[1-9]/.test(digits) || (written.includes('+') && !digits.startsWith('0'));
  if (!international) return readNational(digits) as SenderNumber;
  const number = readInternational(digits.replace(/^0+/, ''));
  return (readNational(number) === number ? number : `+${number}`) as SenderNumber;
}

/** Without plus and 00. */
function readNational(digits: string): string {
  if (digits.startsWith('0')) return withCountryCode(digits.slice(1)) ?? digits;
  if (digits.length <= longest) return digits;
  return digits.length === nationalLength ? `${countryCode}${digits}` : readInternational(digits);
}

function readInternational(digits: string): string {
  if (!digits.startsWith(countryCode)) return digits;
  // +27 (0)87…: the zero is the one dialled within the country
  return withCountryCode(digits.slice(countryCode.length).replace(/^0/, '')) ?? digits;
}

/** Null for what is neither a long nor a short code of ours. */
function withCountryCode(national: string): string | null {
  if (national.startsWith('0')) return null;
  if (national.length === nationalLength) return `${countryCode}${national}`;
  return national.length >= shortest && national.length <= longest ? national : null;
}
