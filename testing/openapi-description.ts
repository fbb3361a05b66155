import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

type Schema = Record<string, unknown>;

/** An operation, as far as answers are held to it. */
export interface DescribedOperation {
  operationId: string;
  parameters?: { name: string; in: string }[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
  /** What a key must be allowed. */
  'x-scope': string;
}

export interface OpenApiDocument {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** What came back, its body read as JSON; null: no body. */
export interface GivenAnswer {
  status: number;
  /** Of the content. */
  type: string | null;
  body: unknown;
}

/** An OpenAPI 3.1 document, to hold answers to. A field that it does not name is one too many. */
export class OpenApiDescription {
  private readonly ajv = new Ajv2020({ allErrors: true, strict: false });
  /** Made once each: to make one takes longer than most requests. */
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly document: OpenApiDocument) {
    formats.default(this.ajv);
    this.ajv.addSchema({ $id: 'api', components: { schemas: close(document.components.schemas) } });
  }

  /** Every operation, in the order of the document. */
  list(): { method: string; path: string; operation: DescribedOperation }[] {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        operation,
      })),
    );
  }

  /** What is wrong with an answer of an operation. */
  findFaults(path: string, method: string, answer: GivenAnswer): string[] {
    const described = this.document.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)];
    if (!described) return ['this status is not described'];
    if (!described.content) return answer.body === null ? [] : ['a body is not described'];
    const content = described.content[answer.type?.split(';')[0] ?? ''];
    if (!content) return [`the content type ${answer.type} is not described`];
    return this.findSchemaFaults(content.schema, answer.body);
  }

  /** What is wrong with a problem that is no operation’s, such as of a method that is not there. */
  findProblemFaults({ type, body }: GivenAnswer): string[] {
    if (type !== 'application/problem+json') return [`the content type ${type} is no problem's`];
    return this.findSchemaFaults({ $ref: '#/components/schemas/Problem' }, body);
  }

  private findSchemaFaults(schema: Schema, body: unknown): string[] {
    const name = JSON.stringify(schema);
    const validate = this.validators.get(name) ?? this.ajv.compile(point(schema) as Schema);
    this.validators.set(name, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  }
}

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([name, inner]) => [name, close(inner)]));
  return 'properties' in closed ? { ...closed, additionalProperties: false } : closed;
}

function point(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(point);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([name, inner]) => [
      name,
      name === '$ref' ? `api${String(inner)}` : point(inner),
    ]),
  );
}
