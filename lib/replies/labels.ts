import type { StoredVerdict } from './schema';

/** The words for a reply's verdict, on the screen and in the file. */
export const verdictLabels: Record<StoredVerdict, string> = {
  OPT_OUT: 'Opt-out',
  REVIEW: 'To review',
  NONE: 'Reply',
};

/** The columns of the file of replies, in their order. */
export const replyColumns = [
  { id: 'number', label: 'Number' },
  { id: 'sender', label: 'Sender number' },
  { id: 'reply', label: 'Reply' },
  { id: 'verdict', label: 'Verdict' },
  { id: 'rule', label: 'Rule' },
  { id: 'when', label: 'Received' },
] as const;
