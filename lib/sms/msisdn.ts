import { parsePhoneNumberFromString, validatePhoneNumberLength } from 'libphonenumber-js/max';
import type { PhoneNumber } from 'libphonenumber-js/max';
import { parseSouthAfricanMsisdn, refuseMsisdn } from './msisdn-za';
import type { Msisdn, MsisdnResult } from './msisdn-za';

export { formatMsisdn } from './format-msisdn';
export type { Msisdn, MsisdnResult } from './msisdn-za';

const countryNames = new Intl.DisplayNames('en', { type: 'region' });

/**
 * Reads a mobile number of any country, as people type it. Without + or 00 it is South African if it can be,
 * else taken as E.164 digits. What cannot receive an SMS is refused with the reason. Server only: see
 * msisdn-za.ts.
 */
export function parseMsisdn(input: string): MsisdnResult {
  const result = parseSouthAfricanMsisdn(input);
  return 'foreign' in result ? parseForeign(result.foreign.digits, result.foreign.explicit) : result;
}

function parseForeign(digits: string, explicit: boolean): MsisdnResult {
  const typed = `${explicit ? '+' : ''}${digits}`;
  const number = parsePhoneNumberFromString(`+${digits}`);
  if (!number?.isValid()) return refuseInvalid(typed, digits, explicit, number);

  const type = number.getType();
  // In the United States and some other countries nothing in a number tells a mobile phone from a landline.
  if (type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE') {
    return { ok: true, msisdn: number.number.slice(1) as Msisdn };
  }
  return refuseMsisdn(
    'not-mobile',
    `${number.formatInternational()} is ${type === 'FIXED_LINE' ? 'a landline' : 'not a mobile number'}; ` +
      'only mobile numbers can receive SMSs.',
  );
}

function refuseInvalid(
  typed: string,
  digits: string,
  explicit: boolean,
  number: PhoneNumber | undefined,
): MsisdnResult {
  if (!explicit) {
    return refuseMsisdn(
      'too-long',
      `${typed} is neither a South African mobile number, which has ten digits such as 082 123 4567, ` +
        'nor a number with its country code.',
    );
  }
  const country =
    number?.country === undefined ? '' : ` in ${countryNames.of(number.country) ?? number.country}`;
  switch (validatePhoneNumberLength(`+${digits}`)) {
    case 'INVALID_COUNTRY':
      return refuseMsisdn(
        'unknown-country',
        `${typed} does not begin with a country code. A South African number begins with +27.`,
      );
    case 'TOO_SHORT':
      return refuseMsisdn(
        'too-short',
        `${typed} has too few digits for a number${country}. Check it and try again.`,
      );
    case 'TOO_LONG':
      return refuseMsisdn(
        'too-long',
        `${typed} has too many digits for a number${country}. Check it and try again.`,
      );
    default:
      return refuseMsisdn(
        'not-a-number',
        `${typed} is not a number in use${country}. Check it and try again.`,
      );
  }
}
