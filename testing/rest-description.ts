import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; items?: Schema };
interface Description {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content: { 'application/json': { schema: Schema } } }> }>
  >;
}

/** The provider's published description of its REST API. */
const description = JSON.parse(readFileSync('docs/api/rest-v1.openapi.json', 'utf8')) as Description;

/**
 * Where the description contradicts itself and cannot be followed to the letter; docs/api/rest-v1.md says why
 * for each. Everything else is held as it stands.
 */
function correct(path: string, schema: Schema): Schema {
  const corrected = structuredClone(schema);
  for (const [name, property] of Object.entries(corrected.properties ?? {})) {
    // A list of what there is says that there is at least one; an account may have none.
    if (path !== '/sms/outgoing/send' && property.minItems === 1) delete property.minItems;
    // "Jon" is no integer.
    if (name === 'subAccounts' && property.items?.properties?.firstName) {
      property.items.properties.firstName.type = 'string';
    }
  }
  return corrected;
}

/** Nothing but what the description names: a field that is written otherwise would be one too many. */
function close(schema: Schema): Schema {
  return {
    ...schema,
    ...(schema.items && { items: close(schema.items) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, inner]) => [name, close(inner)]),
      ),
      additionalProperties: false,
    }),
  };
}

const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);

/** Made once each: to make one takes longer than most requests. */
const validators = new Map<Schema, ValidateFunction>();

function findValidator(path: string, schema: Schema): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const { properties = {}, ...rest } = close(correct(path, schema));
  // No field is called required; those that every example has are.
  const required = Object.keys(properties);
  const made = ajv.compile({ ...rest, properties, required });
  validators.set(schema, made);
  return made;
}

/**
 * What is wrong with an answer of the REST API by its description; nothing when it is as described.
 *
 * @param path below the base URL, without what stands behind the `?`
 */
export function findAnswerFaults(path: string, method: string, status: number, body: unknown): string[] {
  const operation = description.paths[path]?.[method.toLowerCase()];
  if (!operation) return [`${method} ${path} is not described`];
  const schema = operation.responses[String(status)]?.content['application/json'].schema;
  if (!schema) return [`${method} ${path} answers ${status}, which is not described`];
  const validate = findValidator(path, schema);
  return validate(body)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** Every operation of the description, as "GET /credits/balance". */
export function listOperations(): string[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}
