import type { ConsentSource, RecordOutcome } from './schema';

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
    'This number has opted out since then, which ended this consent. Only one that was given later counts.',
};
