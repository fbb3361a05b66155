// How a number is shown, apart from how one is read: every list in a browser needs it, few pages the other.

/** "27821234567" as "+27 82 123 4567". What is no MSISDN ("MTN", a short code) is returned unchanged. */
export function formatMsisdn(msisdn: string): string {
  // Of a row that is kept after the data of its person was erased (lib/privacy).
  if (msisdn === '') return 'Erased number';
  if (!/^[1-9]\d{7,14}$/.test(msisdn)) return msisdn;
  const countryCode = msisdn.slice(0, countryCodeLength(msisdn));
  const national = msisdn.slice(countryCode.length);
  if (countryCode === '27' && national.length === 9) return `+27 ${groupNational(national)}`;
  return `+${countryCode} ${national.replace(/\d{3}(?=\d{3})/g, '$& ')}`;
}

/** "821234567" as "82 123 4567". */
export function groupNational(national: string): string {
  return `${national.slice(0, 2)} ${national.slice(2, 5)} ${national.slice(5)}`;
}

// ITU-T E.164: one digit for +1 and +7, two for these, three for all others.
function countryCodeLength(msisdn: string): number {
  if (/^[17]/.test(msisdn)) return 1;
  return /^(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/.test(msisdn) ? 2 : 3;
}
