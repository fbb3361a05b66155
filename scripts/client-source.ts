import openapiTS, { astToString } from 'openapi-typescript';
import { format } from 'oxfmt';
import { composeOpenApi } from '@/lib/api-v2/openapi';
import layout from '../.oxfmtrc.json' with { type: 'json' };

/** Where the generated half of the client lies. */
export const generatedFolder = 'clients/javascript/src/generated';

type Json = Record<string, unknown>;
interface Parameter {
  name: string;
  in: string;
  required: boolean;
}
interface Described {
  operationId: string;
  summary: string;
  description: string;
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { schema: { $ref: string } } } };
  responses: Record<string, { description: string; content?: Json }>;
}
interface Document extends Json {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, { properties?: Json; required?: string[] }> };
}

const head = '// Made of /api/v2/openapi.json by `npm run generate-client`; not to be edited.\n\n';

/**
 * The generated half of the JavaScript client: the types of what the API takes and answers, and a method for
 * each operation. By the name of the file.
 */
export async function composeClientSource(): Promise<Record<string, string>> {
  const document = JSON.parse(JSON.stringify(composeOpenApi())) as Document;
  const types = await openapiTS(leaveSuccesses(document) as never, { defaultNonNullable: false });
  return {
    'schema.ts': await layOut(astToString(types)),
    'operations.ts': await layOut(composeOperations(document)),
  };
}

async function layOut(code: string): Promise<string> {
  const { printWidth, singleQuote } = layout;
  const { code: laidOut, errors } = await format('client.ts', head + code, { printWidth, singleQuote });
  const [error] = errors;
  if (error) throw new Error(`The client's source cannot be read: ${error.message}`);
  return laidOut;
}

/** What is answered when something was not done is the same for all operations, and typed by hand. */
function leaveSuccesses(document: Document): Document {
  const paths = Object.entries(document.paths).map(([path, operations]) => {
    const left = Object.entries(operations).map(([method, operation]) => {
      const responses = Object.entries(operation.responses)
        .filter(([status]) => status.startsWith('2'))
        .map(([status, { description, content }]) => [status, { description, ...(content && { content }) }]);
      const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in !== 'header');
      return [
        method,
        { ...operation, parameters, responses: Object.fromEntries(responses) as Described['responses'] },
      ];
    });
    return [path, Object.fromEntries(left) as Record<string, Described>];
  });
  const { schemas } = document.components;
  return { ...document, paths: Object.fromEntries(paths) as Document['paths'], components: { schemas } };
}

interface Facts {
  id: string;
  method: string;
  path: string;
  described: Described;
  query: string[];
  body: string[];
  /** Whether it answers with something. */
  hasAnswer: boolean;
  /** Whether there is something that must be given. */
  needsInput: boolean;
}

function composeOperations(document: Document): string {
  const all = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, described]) => readFacts(document, path, method, described)),
  );
  return `import { Runtime, type CallOptions } from '../runtime.js';
import type { Input, Item, Output } from '../types.js';

const operations = {
${all.map(({ id, method, path, query, body, hasAnswer }) => `${id}: ${JSON.stringify({ method, path, query, body, hasAnswer })},`).join('\n')}
} as const;

/** A method for each operation of the API. */
export class Operations extends Runtime {
${all.map(composeMethods).join('\n\n')}
}
`;
}

function readFacts(document: Document, path: string, method: string, described: Described): Facts {
  const { operationId: id, parameters = [], requestBody } = described;
  const name = requestBody?.content['application/json'].schema.$ref.replace('#/components/schemas/', '');
  const schema = name === undefined ? {} : document.components.schemas[name];
  const named = (place: string) => parameters.filter((parameter) => parameter.in === place);
  const query = named('query').map((parameter) => parameter.name);
  const body = Object.keys(schema?.properties ?? {});
  // All of them are given as one object.
  const fields = [...named('path').map((parameter) => parameter.name), ...query, ...body];
  if (new Set(fields).size !== fields.length) throw new Error(`${id} has two fields of one name.`);
  const needsInput =
    parameters.some((parameter) => parameter.in !== 'header' && parameter.required) ||
    (schema?.required ?? []).length > 0;
  const hasAnswer = !('204' in described.responses);
  return { id, method: method.toUpperCase(), path, described, query, body, hasAnswer, needsInput };
}

function composeMethods({ id, described, query, needsInput }: Facts): string {
  const { summary, description } = described;
  const input = needsInput ? `input: Input<'${id}'>` : `input: Input<'${id}'> = {}`;
  const method = `  /**
   * ${summary}.
   *
   * ${description}
   */
  ${id}(${input}, options?: CallOptions): Promise<Output<'${id}'>> {
    return this.call(operations.${id}, input, options);
  }`;
  if (!query.includes('cursor')) return method;
  const every = id.replace(/^(list|read)/, 'all');
  return `${method}

  /** Each one of {@link ${id}}, page after page: as many requests as it needs, and no more than are read. */
  ${every}(${input}, options?: CallOptions): AsyncGenerator<Item<'${id}'>, void> {
    return this.each<Item<'${id}'>>(operations.${id}, input, options);
  }`;
}
