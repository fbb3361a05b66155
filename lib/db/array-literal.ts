/**
 * Values as the text of a PostgreSQL array, for a parameter of any array type. Given arrays, pg writes them
 * element by element in JavaScript; JSON.stringify writes nearly the same in one native call: of what a batch
 * of 500 replies costs this process, a third. (One JSON parameter and json_to_recordset costs PostgreSQL more
 * than it saves here.)
 */
export function toArrayLiteral(values: readonly (string | number | boolean | null)[]): string {
  const json = JSON.stringify(values);
  // Within quotes PostgreSQL knows \" and \\ as JSON does; of every other escape it would take the letter.
  const body = json.includes('\\') ? json.replace(/\\(?:u[0-9a-f]{4}|.)/g, unescapeOther) : json;
  return `{${body.slice(1, -1)}}`;
}

function unescapeOther(escape: string): string {
  return escape === '\\"' || escape === '\\\\' ? escape : (JSON.parse(`"${escape}"`) as string);
}
