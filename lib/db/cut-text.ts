/**
 * How much of a text a page holds of each reply, in characters: more than the longest SMS. A stranger can
 * write a megabyte, and a page of twenty of those had 20 MB; so whatever lists texts of others cuts them in
 * SQL, before they leave the database.
 */
export const shownTextLength = 1000;

/** SQL: the beginning of a text as text, and what {@link wholeLengthSql} says of it as "wholeLength". */
export function cutTextSql(text: string, limit: number | string = shownTextLength): string {
  return `${cutSql(text, limit)} as text, ${wholeLengthSql(text, limit)} as "wholeLength"`;
}

/** The columns of {@link cutTextSql}, for a text that is always there. */
export const cutTextColumns = { text: 'text', wholeLength: 'int4?' } as const;

/** SQL: the beginning of a text. */
export function cutSql(text: string, limit: number | string = shownTextLength): string {
  return `left(${text}, ${limit})`;
}

/** SQL: how many characters a text has, only when its beginning is not all of it; else null. */
export function wholeLengthSql(text: string, limit: number | string = shownTextLength): string {
  // greatest() overlooks null: of no text nothing is cut
  return `nullif(greatest(length(${text}), ${limit}), ${limit})`;
}
