import { z } from 'zod';
import { env } from '@/lib/env';
import type { AnyOperation } from './declare';
import { operations } from './operations';
import { bodyProblems, commonProblems, onceProblems, problemKinds, type ProblemCode } from './problems';
import { named } from './shapes';

type JsonSchema = Record<string, unknown>;

z.object({
  type: z.url().describe('Which problem it is: an address that explains it, and never changes.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What is wrong with this request, for people.'),
  errors: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('Of invalid-request: each field that is wrong.'),
  removalRequestId: z
    .string()
    .optional()
    .describe('Of removal-already-requested and recipient-already-asked: which request it is.'),
  removalRequestUrl: z.url().optional().describe('Of removal-request-needed: where to request the removal.'),
}).register(named, { id: 'Problem' });

/** The API as an OpenAPI 3.1 document, made of the operations that are served. */
export function composeOpenApi(): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Client Zone API',
      version: '2',
      description: `Opt-outs, messages, replies and webhooks of an account, for its programs. The page ${env.APP_URL}/docs/api has examples.`,
    },
    servers: [{ url: `${env.APP_URL}/api/v2` }],
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key of the account: cz_…' },
      },
      headers: {
        RateLimit: {
          description: 'How many requests the key has left (r), for how many seconds (t).',
          schema: { type: 'string' },
        },
        'RateLimit-Policy': {
          description: 'How many requests (q) the key has in how many seconds (w).',
          schema: { type: 'string' },
        },
      },
      schemas: composeSchemas(),
    },
  };
}

/** Every problem that an operation may answer with. */
export function listProblems({ method, body, problems }: AnyOperation): ProblemCode[] {
  return [
    ...problems,
    ...(body ? bodyProblems : []),
    ...(method === 'POST' ? onceProblems : []),
    ...commonProblems,
  ];
}

function describe(operation: AnyOperation): JsonSchema {
  const { id, summary, description, scope, method, params, query, body, answers, hasEtag } = operation;
  const parameters = [
    ...describeParameters('path', params),
    ...describeParameters('query', query),
    ...(method === 'POST'
      ? [
          describeHeader(
            'Idempotency-Key',
            'The same again within 24 hours gets the same answer and does nothing more.',
          ),
        ]
      : []),
    ...(hasEtag ? [describeHeader('If-None-Match', 'The ETag of an answer before.')] : []),
  ];
  return {
    operationId: id,
    summary,
    description,
    tags: [operation.path.split('/')[1]],
    'x-scope': scope,
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: refer(body) } } },
    }),
    responses: {
      ...describeAnswers(answers, hasEtag ?? false),
      ...describeProblems(listProblems(operation)),
    },
  };
}

const limits = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimit-Policy' },
};

function describeAnswers(answers: AnyOperation['answers'], hasEtag: boolean): JsonSchema {
  const described = Object.entries(answers).map(([status, schema]) => [
    status,
    {
      description:
        { 200: 'Done.', 201: 'Added.', 202: 'Taken.', 204: 'Done; there is nothing to say.' }[status] ??
        'Done.',
      headers: { ...limits, ...(hasEtag && { ETag: { schema: { type: 'string' } } }) },
      ...(schema && { content: { 'application/json': { schema: refer(schema) } } }),
    },
  ]);
  const same = { description: 'It is as it was.', headers: limits };
  return Object.fromEntries([...described, ...(hasEtag ? [['304', same]] : [])]) as JsonSchema;
}

function describeProblems(codes: readonly ProblemCode[]): JsonSchema {
  const statuses = [...new Set(codes.map((code) => problemKinds[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const own = codes.filter((code) => problemKinds[code].status === status);
      const description = own.map((code) => `${code}: ${problemKinds[code].title}.`).join(' ');
      const schema = { $ref: '#/components/schemas/Problem' };
      return [status, { description, content: { 'application/problem+json': { schema } } }];
    }),
  );
}

function describeParameters(place: 'path' | 'query', schema: z.ZodType | undefined): JsonSchema[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function describeHeader(name: string, description: string): JsonSchema {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } };
}

function refer(schema: z.ZodType): JsonSchema {
  const id = named.get(schema)?.id;
  return id === undefined ? toJsonSchema(schema) : { $ref: `#/components/schemas/${id}` };
}

function composeSchemas(): Record<string, JsonSchema> {
  const uri = (id: string) => `#/components/schemas/${id}`;
  const { schemas } = z.toJSONSchema(named, { io: 'input', uri, override: dropPattern });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, { $id: _id, $schema: _schema, ...schema }]) => [id, schema]),
  );
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return { ...z.toJSONSchema(schema, { io: 'input', override: dropPattern }), $schema: undefined };
}

/** The pattern of a date is a page long and says no more than its format. */
function dropPattern({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }): void {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}
