/** How long each lasts, unless its purpose says otherwise. */
const linkMinutes = 30;
const codeMinutes = 10;

interface SecretRules {
  /** `link`: long, in an e-mail. `code`: six digits, by SMS; may be guessed, so it has few tries. */
  kind: 'link' | 'code';
  validMinutes: number;
  /** Where a link leads: a page with a button. */
  path?: `/${string}`;
}

/** What a one-time secret can confirm. */
export const secretPurposes = {
  'register-email': { kind: 'link', validMinutes: linkMinutes, path: '/register/confirm' },
  'register-number': { kind: 'code', validMinutes: codeMinutes },
  'recover-by-link': { kind: 'link', validMinutes: linkMinutes, path: '/recover/password' },
  'recover-by-code': { kind: 'code', validMinutes: codeMinutes },
  'change-email': { kind: 'link', validMinutes: linkMinutes, path: '/details/confirm' },
  /** Into an account: people are on leave for days. */
  invitation: { kind: 'link', validMinutes: 7 * 24 * 60, path: '/invitation' },
  'change-number': { kind: 'code', validMinutes: codeMinutes },
} as const satisfies Record<string, SecretRules>;

export type SecretPurpose = keyof typeof secretPurposes;
export type LinkPurpose = {
  [Name in SecretPurpose]: (typeof secretPurposes)[Name]['kind'] extends 'link' ? Name : never;
}[SecretPurpose];
export type CodePurpose = Exclude<SecretPurpose, LinkPurpose>;

/** Wrong codes after which the right one no longer counts. */
export const maxTries = 5;
/** No new code to the same subject for so long. */
export const codePauseSeconds = 60;
