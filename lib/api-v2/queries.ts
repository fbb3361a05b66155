import { scopeLabels } from '@/lib/api-keys/labels';
import { env } from '@/lib/env';
import type { AnyOperation } from './declare';
import { composeExample, languages } from './examples';
import { composeOpenApi, listProblems } from './openapi';
import { operations } from './operations';
import { problemKinds } from './problems';
import type { ShownField, ShownOperation, ShownProblem, ShownSchema } from './schema';

type JsonSchema = Record<string, unknown> & {
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
};
interface Document {
  paths: Record<
    string,
    Record<
      string,
      { parameters?: Parameter[]; requestBody?: Content; responses: Record<string, Partial<Content>> }
    >
  >;
  components: { schemas: Record<string, JsonSchema> };
}
interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: JsonSchema;
}
interface Content {
  content: Record<string, { schema: JsonSchema }>;
}

/** What the page of the API shows: the published description in words, with examples. */
export function describeApi(): { base: string; operations: ShownOperation[]; schemas: ShownSchema[] } {
  const base = `${env.APP_URL}/api/v2`;
  const document = composeOpenApi() as unknown as Document;
  const { schemas } = document.components;
  const bodies = new Set<string>();
  const shown = operations.map((operation) => {
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()];
    const body = readReference(described?.requestBody?.content['application/json']?.schema);
    if (body !== null) bodies.add(body);
    return {
      id: operation.id,
      method: operation.method,
      path: operation.path,
      summary: operation.summary,
      description: operation.description,
      permission: scopeLabels[operation.scope].label,
      parameters: (described?.parameters ?? []).map((parameter) => ({
        name: parameter.name,
        place: { path: 'in the path', query: 'behind the ?' }[parameter.in] ?? 'as a header',
        type: nameType(parameter.schema),
        isRequired: parameter.required,
        note: parameter.description ?? null,
      })),
      body: body === null ? [] : listFields(schemas[body]),
      answers: Object.keys(operation.answers).map((status) => ({
        status: Number(status),
        schema: readReference(described?.responses[status]?.content?.['application/json']?.schema),
      })),
      problems: listShownProblems(operation),
      examples: languages.map((language) => ({ language, code: composeExample(operation, language, base) })),
    };
  });
  const names = Object.keys(schemas).filter((name) => !bodies.has(name));
  return {
    base,
    operations: shown,
    schemas: names.map((name) => ({ name, fields: listFields(schemas[name]) })),
  };
}

/** Every problem, for the page that explains them. */
export function describeProblems(): ShownProblem[] {
  return Object.entries(problemKinds).map(([code, kind]) => ({ code, ...kind }));
}

function listShownProblems(operation: AnyOperation) {
  return listProblems(operation).map((code) => ({ code, status: problemKinds[code].status }));
}

function listFields({ properties = {}, required = [] }: JsonSchema = {}): ShownField[] {
  return Object.entries(properties).map(([name, field]) => ({
    name,
    type: nameType(field),
    isRequired: required.includes(name),
    note: (field.description as string | undefined) ?? null,
  }));
}

function readReference(schema: JsonSchema | undefined): string | null {
  const reference = schema?.$ref;
  return typeof reference === 'string' ? reference.replace('#/components/schemas/', '') : null;
}

/** A type in words. */
function nameType(schema: JsonSchema): string {
  const reference = readReference(schema);
  if (reference !== null) return reference;
  if (schema.anyOf) return [...new Set(schema.anyOf.map(nameType))].join(' or ');
  if (Array.isArray(schema.enum)) return schema.enum.map((one) => `“${String(one)}”`).join(', ');
  if (Array.isArray(schema.type)) return schema.type.join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? nameType(schema.items) : 'anything'}`;
  return schema.format === 'date-time' ? 'moment' : String(schema.type);
}
