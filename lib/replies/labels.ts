import type { StoredVerdict } from './schema';

/** The words for a reply's verdict, on the screen and in the file. */
export const verdictLabels: Record<StoredVerdict, string> = {
  OPT_OUT: 'Opt-out',
  REVIEW: 'To review',
  NONE: 'Reply',
};
