import type { components, operations } from './generated/schema.js';

type Operations = operations;
/** The name of an operation. */
export type OperationId = keyof Operations;

type Of<Source, Key extends PropertyKey> = Source extends { [Name in Key]?: infer Value } ? Value : never;
type Fields<Value> = [NonNullable<Value>] extends [never] ? unknown : NonNullable<Value>;
type Json<Value> = Of<Of<NonNullable<Value>, 'content'>, 'application/json'>;
type Flat<Value> = { [Name in keyof Value]: Value[Name] };

/** What an operation takes: what its path names, its filters and its body, as one object. */
export type Input<Id extends OperationId> = Flat<
  Fields<Of<Operations[Id]['parameters'], 'path'>> &
    Fields<Of<Operations[Id]['parameters'], 'query'>> &
    Fields<Json<Of<Operations[Id], 'requestBody'>>>
>;

type Answers<Id extends OperationId> = Operations[Id]['responses'];
type JsonOrNothing<Response> = Response extends { content: { 'application/json': infer Body } }
  ? Body
  : undefined;

/** What an operation answers; undefined: nothing. */
export type Output<Id extends OperationId> = JsonOrNothing<Answers<Id>[keyof Answers<Id>]>;

/** One of what a list has. */
export type Item<Id extends OperationId> = Output<Id> extends { data: (infer One)[] } ? One : never;

export type Schemas = components['schemas'];
export type OptOut = Schemas['OptOut'];
export type OptOutEvent = Schemas['OptOutEvent'];
export type OptOutChanges = Schemas['OptOutChanges'];
export type RemovalRequest = Schemas['RemovalRequest'];
export type RemovalRequestDetail = Schemas['RemovalRequestDetail'];
export type Message = Schemas['Message'];
export type Reply = Schemas['Reply'];
export type Webhook = Schemas['Webhook'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
/** What is wrong with a request (RFC 9457). */
export type Problem = Schemas['Problem'];
