/** Columns that lists of messages, replies and opt-outs have alike. */

export const numberColumn = {
  id: 'number',
  label: 'Number',
  type: 'number',
  table: { canHide: false },
} as const;

/** The second in a file, and the last but one in a table, where few windows have room for it. */
export const senderColumn = {
  id: 'sender',
  label: 'Sender number',
  type: 'number',
  table: { order: 8 },
} as const;

/** When a row came; the list is ordered by it. */
export const whenColumn = {
  id: 'when',
  label: 'When',
  type: 'time',
  table: { isOrder: true, order: 9 },
} as const;
