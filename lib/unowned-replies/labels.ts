import type { UnownedState } from './schema';

/** The words for what becomes of a reply without an owner, on the screen and in the file. */
export const unownedStateLabels: Record<UnownedState, string> = {
  WAITING: 'Needs a decision',
  UNSURE: 'May want to opt out',
  ASSIGNED: 'Assigned',
  NOTED: 'Not assigned',
  KEPT: 'Nothing to do',
};

/** The columns of the file, in their order. */
export const unownedColumns = [
  { id: 'number', label: 'Number' },
  { id: 'sender', label: 'Sender number' },
  { id: 'reply', label: 'Reply' },
  { id: 'verdict', label: 'Verdict' },
  { id: 'rule', label: 'Rule' },
  { id: 'when', label: 'Received' },
  { id: 'state', label: 'State' },
  { id: 'account', label: 'Account' },
  { id: 'reason', label: 'Reason' },
  { id: 'by', label: 'Decided by' },
  { id: 'decided', label: 'Decided' },
] as const;
