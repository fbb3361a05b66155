/**
 * How much of a text a page holds of each reply, in characters: more than the longest SMS. A stranger can write a megabyte, and
 * a page of twenty of those had 20 MB; so whatever lists texts of others cuts them in SQL, before they leave the database.
 */
export const shownTextLength = 1000;

/** SQL: the beginning of a text as `name`, and, only when that is not all of it, how many characters it has as `name`_whole. */
export function cutTextSql(text: string, name: string, limit: number | string = shownTextLength): string {
  // greatest() overlooks null: of no text nothing is cut
  return `left(${text}, ${limit}) as ${name}, nullif(greatest(length(${text}), ${limit}), ${limit}) as ${name}_whole`;
}
