export { ClientZone } from './client-zone.js';
export { ClientZoneConnectionError, ClientZoneError } from './errors.js';
export type { CallOptions, ClientOptions } from './runtime.js';
export type {
  Input,
  Item,
  Message,
  OperationId,
  OptOut,
  OptOutChanges,
  OptOutEvent,
  Output,
  Problem,
  RemovalRequest,
  RemovalRequestDetail,
  Reply,
  Schemas,
  Webhook,
  WebhookDelivery,
} from './types.js';
