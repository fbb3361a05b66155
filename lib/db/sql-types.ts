import type * as enums from '@/lib/db/generated/enums';
import type { Prisma } from '@/lib/db/generated/client';

/**
 * The words in which a statement (statement.ts) says what goes in and what comes out, and the TypeScript
 * types they stand for. Each is compared with what PostgreSQL says by a test.
 */

/** PostgreSQL's own types, as node-postgres gives their values out. */
interface Scalars {
  bool: boolean;
  int2: number;
  int4: number;
  /** As text: it may be larger than a JavaScript number is exact. */
  int8: string;
  float8: number;
  text: string;
  uuid: string;
  bytea: Buffer;
  timestamptz: Date;
  json: unknown;
  jsonb: unknown;
}
export type ScalarName = keyof Scalars;

/** Of these, what can be given as a value; a json value is written as JSON whatever it is. */
interface Givens extends Omit<Scalars, 'int8'> {
  int8: string | number;
  /** "2026-11-22". As a column it would be a moment in the time zone of the process: select it as text. */
  date: string;
}

type Enums = typeof enums;
/** An enum of the Prisma schema, by its name there: "OptOutKind". */
export type EnumName = keyof Enums & string;
type EnumValue<Name extends EnumName> = Enums[Name][keyof Enums[Name]];

type Models = Prisma.TypeMap['model'];
export type ModelName = keyof Models & string;
type Fields<Model extends ModelName> = Models[Model]['payload']['scalars'];
export type FieldName<Model extends ModelName> = keyof Fields<Model> & string;

/** A column of a table, by its names in the Prisma schema: "OptOut.createdAt". */
export type FieldRef = { [Model in ModelName]: `${Model}.${FieldName<Model>}` }[ModelName];
type FieldType<Ref> = Ref extends `${infer Model extends ModelName}.${infer Field}`
  ? Field extends keyof Fields<Model>
    ? Raw<Fields<Model>[Field]>
    : never
  : never;
/** Prisma's own client makes a bigint of what a statement has as text. */
type Raw<Value> = Value extends bigint ? string : Value;

type Base = ScalarName | `${ScalarName}[]` | EnumName | `${EnumName}[]` | FieldRef;

declare const shape: unique symbol;
/**
 * A type of PostgreSQL's whose TypeScript type is told by hand. It is any text to TypeScript: made of Base,
 * it would be seven hundred types, each compared with every column, which was most of the time of a check.
 */
export type Typed<Value> = string & { readonly [shape]: Value };

/**
 * What a column of a result holds: a column of a table, or the type of what was computed. With "?" when it
 * can be null though its column cannot, as behind an outer join.
 */
export type ColumnType = Base | `${Base}?` | Typed<unknown>;

export type ColumnValue<Type> =
  Type extends Typed<infer Value>
    ? Value
    : Type extends `${infer Inner}?`
      ? BaseValue<Inner> | null
      : BaseValue<Type>;

type BaseValue<Type> = Type extends ScalarName
  ? Scalars[Type]
  : Type extends EnumName
    ? EnumValue<Type>
    : Type extends FieldRef
      ? FieldType<Type>
      : Type extends `${infer Element}[]`
        ? BaseValue<Element>[]
        : never;

type GivenBase = keyof Givens | `${keyof Givens}[]` | EnumName | `${EnumName}[]`;
/** What a value is, for PostgreSQL; with "?" when it can be null. */
export type GivenType = GivenBase | `${GivenBase}?`;

export type GivenValue<Type> = Type extends `${infer Inner}?`
  ? GivenBaseValue<Inner> | null
  : GivenBaseValue<Type>;

type GivenBaseValue<Type> = Type extends keyof Givens
  ? Givens[Type]
  : Type extends EnumName
    ? EnumValue<Type>
    : Type extends `${infer Element}[]`
      ? readonly (GivenBaseValue<Element> | null)[]
      : never;

/** A name of the schema as PostgreSQL has it: createdAt, created_at. */
export function toSnakeCase(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase();
}

/** A word of a statement as PostgreSQL's type: "OptOutKind[]?" is opt_out_kind[]. */
export function toSqlType(type: string): string {
  return toSnakeCase(type.replace(/\?$/, ''));
}

/** Says by hand what TypeScript type a column has, such as the shape of some JSON. */
export function typed<Value>(type: Base): Typed<Value> {
  return type as string as Typed<Value>;
}
