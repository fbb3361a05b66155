type Lower<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}-${Lower<Rest>}`
  : Lowercase<Name>;
type Upper<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${Uppercase<First>}_${Upper<Rest>}`
  : Uppercase<Name>;

/** A name of the database as this API writes it: AWAITING_REPLY as "awaiting-reply". */
export function lower<Name extends string>(name: Name): Lower<Name> {
  return name.toLowerCase().replaceAll('_', '-') as Lower<Name>;
}

/** The way back. */
export function upper<Name extends string>(name: Name): Upper<Name> {
  return name.toUpperCase().replaceAll('-', '_') as Upper<Name>;
}
