import type { ConsentSource, RecordOutcome, WithdrawOutcome } from './schema';

/** The words for how somebody consented, on the screen and in packs. */
export const sourceLabels: Record<ConsentSource, string> = {
  WEB_FORM: 'Web form',
  PAPER: 'Paper',
  SHOP: 'In a shop',
  PHONE: 'By phone',
  SMS: 'By SMS',
  EMAIL: 'By e-mail',
  OTHER: 'Otherwise',
};

/** Why a number was not recorded, in words. */
export const outcomeLabels: Record<RecordOutcome, string> = {
  recorded: 'Recorded.',
  'already-there': 'This consent, or a later one of this number, is on record already.',
  'opted-out-since':
    'This number has opted out since then, which ended this consent. Only one that was given later counts; of the same day, say at what time.',
  'withdrawn-since':
    'This number has withdrawn its consent since then. Only one that was given later counts; of the same day, say at what time.',
};

/** Why nothing was withdrawn, in words. */
export const withdrawLabels: Record<Extract<WithdrawOutcome, { ok: false }>['reason'], string> = {
  'no-consent': 'No consent of this number is in force, so there is none to withdraw.',
  'given-later':
    'The consent that is in force was given after that day, so it stays. Give the day on which that one was withdrawn.',
};
