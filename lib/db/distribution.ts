/**
 * How each table would be spread over the machines of a Citus cluster (docs/decisions/0051-a-cluster.md); one
 * PostgreSQL has them all in one place, and the same statements run on both.
 *
 * - `reference`: small, and whole on every machine, so that anything can be joined to it;
 * - `account`: the rows of one account lie together, by account_id;
 * - `recipient`: the rows of one number lie together, by msisdn: what is needed before the account is known;
 * - `local`: on the coordinator alone: of no account, and never joined to what is spread.
 */
export type Distribution = 'reference' | 'account' | 'recipient' | 'local';

/** The column that says where a row lies. */
export const distributionKeys = { account: 'account_id', recipient: 'msisdn' } as const;

/** By the name of the table. Tables of libraries (the job queue, Prisma's own) are local. */
export const distribution: Readonly<Record<string, Distribution>> = {
  account: 'reference',
  portal_user: 'reference',
  membership: 'reference',
  sender_number: 'reference',
  // Settings of an account are read with the account itself, for many accounts at once.
  account_keyword: 'reference',
  platform_keyword: 'reference',
  platform_setting: 'reference',
  calling_code: 'reference',
  // Looked up for the messages of every account, by number.
  registry_entry: 'reference',
  // What must not be erased is asked for beside rows of every account.
  legal_hold: 'reference',

  // The first by account and the first by recipient are those that the others lie beside (distribute.ts).
  credit_balance: 'account',
  credit_entry: 'account',
  message_batch: 'account',
  message: 'account',
  reply: 'account',
  opt_out: 'account',
  opt_out_event: 'account',
  opt_out_tally: 'account',
  consent: 'account',
  consent_event: 'account',
  account_day: 'account',
  account_week: 'account',
  number_list: 'account',
  number_list_block: 'account',
  removal_request: 'account',
  removal_request_event: 'account',
  email: 'account',
  notice: 'account',
  invitation: 'account',
  activity: 'account',
  api_key: 'account',
  api_answer: 'account',
  webhook_endpoint: 'account',
  webhook_batch: 'account',
  webhook_delivery: 'account',
  retention_progress: 'account',
  erasure_event: 'account',
  cleansing: 'account',
  marketer_registration: 'account',

  carrier_receipt: 'recipient',
  conversation: 'recipient',
  unowned_reply: 'recipient',

  user_session: 'local',
  one_time_secret: 'local',
  registration: 'local',
  authenticator_app: 'local',
  recovery_code: 'local',
  passkey: 'local',
  passkey_challenge: 'local',
  audit_entry: 'local',
  registry_lift: 'local',
  registry_import: 'local',
  registry_block: 'local',
  carrier: 'local',
  carrier_route: 'local',
  carrier_worker: 'local',
  carrier_lease: 'local',
  carrier_minute: 'local',
  // Nothing is known of it for certain, its number neither.
  set_aside_reply: 'local',
  rate_limit: 'local',
  worker: 'local',
  time_to_honour: 'local',
  simulator_message: 'local',
};
