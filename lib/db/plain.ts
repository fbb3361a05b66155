/** What a page or a browser takes: ids as text, moments as ISO 8601 in UTC. */
export type Plain<Value> = Value extends bigint
  ? string
  : Value extends Date
    ? string
    : Value extends readonly (infer Element)[]
      ? Plain<Element>[]
      : Value extends object
        ? { [Name in keyof Value]: Plain<Value[Name]> }
        : Value;

/**
 * Rows, a row or what is in one, as a page takes them: each bigint as text, each moment as ISO 8601 in UTC.
 */
export function toPlain<Value>(value: Value): Plain<Value> {
  return convert(value) as Plain<Value>;
}

function convert(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner)]));
}
