import 'server-only';
import { refresh } from 'next/cache';
import { unstable_rethrow } from 'next/navigation';
import type { Pool, PoolClient } from 'pg';
import type { z } from 'zod';
import { getPool, withTransaction } from '@/lib/db/client';
import { AppError } from '@/lib/http/app-error';
import type { RateLimit } from '@/lib/http/rate-limit';
import { findVisitorAddress } from '@/lib/http/find-visitor-address';
import { log } from '@/lib/log';
import { recordAct, type ActivityKind } from './activity';
import { ForbiddenError } from './forbidden';
import {
  requireCustomer,
  requireHalf,
  requirePerson,
  requireStaff,
  type ScopeOf,
  type StaffScopeOf,
} from './gates';
import type { CustomerPermission, StaffPermission } from './permissions';
import type { ActionResult, Refusal } from './schema';
import type { AccountReadScope, HalfScope, PersonScope } from './scope';

/** What is said of an action, and what comes after it. */
export interface ActionManner<Who, Input> {
  /** What it does, for the log: "Adding opt-outs". */
  doing: string;
  /** For people, when something inside went wrong: what is true now. */
  failed?: string;
  /** For people, when the input is not what the form sends: no field of it says why. */
  invalid?: string;
  /**
   * The page shows what this changes, so it comes anew with the answer; after a refusal too, as it may be out
   * of date.
   */
  refreshes?: boolean;
  /** How often it may be done, by whom, and what to say when that is too often. */
  limit?: { of: RateLimit; key: (who: Who) => string; refuse: (waitSeconds: number) => string };
  /** Ids of the input for the log; never what people wrote or who they are. */
  ids?: (input: Input) => Record<string, string | number>;
}

/** What is written down of what a customer's action has done. */
interface ActivityManner<Input, Result> {
  kind: ActivityKind;
  /** Null: nothing came of it that others should see. */
  details?: (input: Input, result: Result) => Record<string, unknown> | null;
}

/** How an action is made for one kind of visitor. */
type MakeAction<Who> = <Schema extends z.ZodType, Result extends ActionResult>(
  schema: Schema,
  command: (pool: Pool, who: Who, input: z.output<Schema>) => Promise<Result>,
  manner: ActionManner<Who, z.output<Schema>>,
) => (input: z.input<Schema>) => Promise<Result | Refusal>;

/** How the command of an action is run. */
type CarryOut<Who> = <Input, Result extends ActionResult>(
  command: (pool: Pool, who: Who, input: Input) => Promise<Result>,
  who: Who,
  manner: object,
  input: Input,
) => Promise<Result>;

/**
 * The same where the role of who acts decides: `may` cannot be forgotten, and says which scope the command
 * gets. What a viewer may do comes with one for reading.
 */
type MakeCustomerAction = <
  May extends CustomerPermission,
  Schema extends z.ZodType,
  Result extends ActionResult,
>(
  schema: Schema,
  command: (pool: Pool, who: ScopeOf<May>, input: z.output<Schema>) => Promise<Result>,
  manner: ActionManner<ScopeOf<May>, z.output<Schema>> & { may: May },
) => (input: z.input<Schema>) => Promise<Result | Refusal>;

/** The same for what is written down in the activity of the account, in the transaction of the command. */
type MakeRecordedAction = <
  May extends CustomerPermission,
  Schema extends z.ZodType,
  Result extends ActionResult,
>(
  schema: Schema,
  command: (client: PoolClient, who: ScopeOf<May>, input: z.output<Schema>) => Promise<Result>,
  manner: ActionManner<ScopeOf<May>, z.output<Schema>> & {
    may: May;
    activity: ActivityManner<NoInfer<z.output<Schema>>, NoInfer<Extract<Result, { ok: true }>>>;
  },
) => (input: z.input<Schema>) => Promise<Result | Refusal>;
type MakeStaffAction = <May extends StaffPermission, Schema extends z.ZodType, Result extends ActionResult>(
  schema: Schema,
  command: (pool: Pool, who: StaffScopeOf<May>, input: z.output<Schema>) => Promise<Result>,
  manner: ActionManner<StaffScopeOf<May>, z.output<Schema>> & { may: May },
) => (input: z.input<Schema>) => Promise<Result | Refusal>;

const incomplete = 'The form was not complete. Reload the page and try again.';
const switched =
  'You have switched to another account in another tab, and this page is of the one before. Nothing was done. Reload the page, or switch back.';
const failed = 'This could not be done just now. Nothing was changed; try again.';

/**
 * Makes the wrapper of the server actions of one gate: gate, parse, limit, command, and one way to fail. That
 * the request comes from a page of ours Next.js has checked before (Origin against Host);
 * docs/decisions/0031-one-way-to-act.md.
 *
 * @param gate who acts; leads elsewhere by a redirect or a 404, and throws a `ForbiddenError` for a role
 *   that may not
 * @param describe who acts, for the log
 * @param carryOut runs the command, for a gate whose actions are more than the command alone
 * @param isOf whether the page that asks is of who acts; `shown` is the account that it shows
 */
export function makeActionWrapper<Who>(
  gate: (manner: object) => Promise<Who>,
  describe: (who: Who) => Record<string, string | number>,
  carryOut: CarryOut<Who> = (command, who, _, input) => command(getPool(), who, input),
  isOf: (who: Who, shown: number) => boolean = () => true,
): MakeAction<Who> {
  // A browser sends a second argument, which the type of an action does not name: components/actions adds it.
  return (schema, command, manner) => async (given, shown?: unknown) => {
    let who: Who;
    try {
      who = await gate(manner);
    } catch (err) {
      if (err instanceof ForbiddenError) return refuse(err.code, err.userMessage);
      throw err;
    }
    if (typeof shown === 'number' && !isOf(who, shown)) return refuse('switched', switched);
    const input = parseInput(schema, given, manner.invalid);
    if (!input.ok) return input;
    try {
      const wait = await manner.limit?.of.take(getPool(), manner.limit.key(who));
      if (manner.limit && wait) return { ok: false, reason: 'throttled', message: manner.limit.refuse(wait) };
      const result = await carryOut(command, who, manner, input.data);
      if (manner.refreshes) refresh();
      return result;
    } catch (err) {
      // Redirects and 404s are for Next.js.
      unstable_rethrow(err);
      if (err instanceof AppError && err.userMessage !== undefined) return refuse(err.code, err.userMessage);
      log.error({ err, ...describe(who), ...manner.ids?.(input.data) }, `${manner.doing} failed`);
      return { ok: false, reason: 'failed', message: manner.failed ?? failed };
    }
  };
}

function refuse(reason: string, message = failed): Refusal {
  return { ok: false, reason, message };
}

/**
 * Reads what came from a browser. The schema's own sentences are for people; what zod itself would say of an
 * input that no form of ours sends is not.
 *
 * @param invalid said in place of that
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  invalid = incomplete,
): { ok: true; data: z.output<Schema> } | Refusal {
  const parsed = schema.safeParse(given, { error: () => invalid });
  if (parsed.success) return { ok: true, data: parsed.data };
  const fields: Record<string, string> = {};
  for (const { path, message } of parsed.error.issues) {
    const [name] = path;
    if (typeof name === 'string' && message !== invalid) fields[name] ??= message;
  }
  const message = parsed.error.issues[0]?.message ?? invalid;
  return { ok: false, reason: 'invalid', message, ...(Object.keys(fields).length > 0 && { fields }) };
}

/** Makes a server action of the customers: `command` gets the scope of the account that is signed in. */
export const customerAction = makeActionWrapper(
  async (manner) => (await requireCustomer((manner as { may: CustomerPermission }).may)).scope,
  ({ accountId, actor }) => ({ accountId, actor }),
  inOneTransaction,
  ({ accountId }, shown) => accountId === shown,
) as MakeCustomerAction;

/** The same for what the account's activity tells: there is no one without the other. */
export const recordedAction = customerAction as unknown as MakeRecordedAction;

/** Where an action has activity to tell, the command and that are one transaction. */
async function inOneTransaction<Input, Result extends ActionResult>(
  command: (pool: Pool, who: AccountReadScope, input: Input) => Promise<Result>,
  scope: AccountReadScope,
  manner: object,
  input: Input,
): Promise<Result> {
  const { activity } = manner as { activity?: ActivityManner<Input, Result> };
  if (!activity) return command(getPool(), scope, input);
  const address = await findVisitorAddress();
  return withTransaction(getPool(), async (client) => {
    // A `recordedAction`, whose command takes the connection of a transaction.
    const result = await (command as unknown as RecordedCommand<Input, Result>)(client, scope, input);
    const details = result.ok && (activity.details ? activity.details(input, result) : {});
    if (details) await recordAct(client, scope, activity.kind, details, address);
    return result;
  });
}

type RecordedCommand<Input, Result> = (
  client: PoolClient,
  who: AccountReadScope,
  input: Input,
) => Promise<Result>;

/** Makes a server action of the staff. */
export const staffAction = makeActionWrapper(
  async (manner) => (await requireStaff((manner as { may: StaffPermission }).may)).scope,
  ({ actor }) => ({ actor }),
) as MakeStaffAction;

/** Makes a server action of whoever is signed in, customer or staff, for what is their own. */
export const personAction: MakeAction<PersonScope> = makeActionWrapper(
  async () => (await requirePerson()).person,
  ({ userId }) => ({ userId }),
);

/**
 * Makes a server action of the second step of signing in: of somebody whose password was right, and no more.
 */
export const halfAction: MakeAction<HalfScope> = makeActionWrapper(
  async () => (await requireHalf()).half,
  ({ userId }) => ({ userId }),
);

/**
 * Makes a server action for anybody: its command decides by what it is given (a link's token), and tells
 * strangers nothing.
 */
export const openAction: MakeAction<null> = makeActionWrapper(
  async () => null,
  () => ({}),
);
