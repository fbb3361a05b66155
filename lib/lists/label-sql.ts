/** Labels of an enum's values as an SQL expression over a column of it. */
export function labelSql(column: string, labels: Record<string, string>): string {
  const cases = Object.entries(labels).map(([value, label]) => `when '${value}' then '${label}'`);
  return `case ${column} ${cases.join(' ')} end`;
}
