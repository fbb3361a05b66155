/**
 * The rooms of the house, from the ground up: a room imports only rooms above it in this list, and itself.
 * scripts/rooms-lint.mjs holds it, in the editor too; CONTRIBUTING.md shows it as a picture, and a test
 * compares the two.
 */
export const rooms = [
  // Facts: pure, without the database.
  'sms',
  'env.ts',
  'log.ts',
  // What every feature stands on, and which knows no feature.
  'db',
  'http',
  'metrics',
  'jobs',
  'events',
  'secrets',
  'auth',
  'second-factor',
  'api-keys',
  'lists',
  'audit',
  'credits',
  // The block, and what carries it out.
  'webhook-events',
  'opt-outs',
  'consents',
  'messages',
  'notices',
  'platform',
  'removal-requests',
  'replies',
  'unowned-replies',
  // What customers and staff do with it.
  'number-lists',
  'registry',
  'stories',
  'settings',
  'webhooks',
  'home',
  'accounts',
  'people',
  'activity',
  'privacy',
  'rest-v1',
  'api-v2',
  // Where it meets the world.
  'carriers',
  'worker',
];

/**
 * The files of a room that any other may import, beside those of {@link facePattern}: by the room, with why.
 * What is not here is the room's own affair and may change without a look outside. scripts/rooms-lint.mjs
 * holds it for app, components and lib; a test finds an entry that nobody needs any more.
 */
export const publicFiles = {
  // A tool each, named after what it does.
  sms: [
    'costly-characters',
    'format-msisdn',
    'invited-words',
    'looks-like-marketing',
    'marketing-text',
    'msisdn',
    'msisdn-za',
    'recipients',
    'segments',
    'sender-number',
    'text',
    'written-number',
  ],
  // How the database is asked (client, prisma, statement, and what a statement is made of) and listened to.
  // Starting, migrating and describing it are for scripts alone.
  db: [
    'apart',
    'client',
    'content-errors',
    'cut-text',
    'generated/client',
    'generated/enums',
    'health',
    'ids',
    'job-logger',
    'listen',
    'notify',
    'one-server',
    'plain',
    'prisma',
    'replica',
    'session-url',
    'settled',
    'sql-types',
    'statement',
  ],
  // A tool each.
  http: [
    'app-error',
    'find-visitor-address',
    'problem',
    'rate-limit',
    'read-body',
    'read-on',
    'read-search',
    'same-origin',
    'shares',
    'stopping',
    'text-file',
    'visitor-address',
    'with-place',
  ],
  // What others count with, and what doors answer.
  metrics: ['counters', 'exposition', 'readiness', 'start-tracing', 'time-to-honour', 'tracing'],
  jobs: ['enqueue', 'import-turns'],
  events: ['account-changes', 'account-stream', 'event-stream', 'process-listener', 'viewer'],
  secrets: ['derive', 'purposes'],
  auth: [
    // The gates and what they hand out; who makes a page, a route or an action imports these.
    'account-view-scope',
    'forbidden',
    'gates',
    'job-scope',
    'key-scope',
    'make-action',
    'make-page',
    'make-route',
    'permissions',
    'scope',
    'sub-account-scope',
    // What rooms of people and accounts do to a sign-in.
    'activity',
    'begin-session',
    'derived-key',
    'end-sessions',
    'own-sessions',
    'password',
    'person-events',
    'membership-sql',
    'seal',
    'second-factor-sql',
    'sessions',
    'sign-in',
    // For the pages and routes of signing in.
    'client',
    'cookies',
    'demo',
    'handler',
    'options',
    'return-path',
    'session-watch',
    // Facts of accounts, and the lock of one.
    'account-number',
    'lock-account',
    'provider-account',
  ],
  'second-factor': [
    // For next-auth's route, which is made in app.
    'passkey-sign-in',
    'relying-party',
    // The settings page shows what the account asks for; the worker prunes challenges.
    'requirement',
    'challenges',
  ],
  // A list is declared, read, searched and written to files with these.
  lists: [
    'account-list',
    // what is only looked at may come from a read replica
    'ask-replica',
    'columns',
    'csv',
    'declare-list',
    'download-format',
    // for the figures of its connections
    'download-pool',
    'file-download',
    'file-query',
    'keyset',
    'label-sql',
    'list-search',
    'load-list',
    'number-parts',
    'program-list',
    'read-list',
    'xlsx',
  ],
  // What an entry is about, in words.
  audit: ['targets'],
  // SQL that the statements of others embed: what changes a balance.
  credits: ['ledger'],
  // SQL that the statements of events embed.
  'webhook-events': ['deliveries'],
  'opt-outs': [
    // The events in an order without gaps.
    'changes',
    // Reading a wish.
    'combine-keywords',
    'keyword-problem',
    'matcher',
    // SQL that the statements of others embed: the block, what it rests on, its SMS, its count.
    'confirmation',
    'episodes',
    'evidence',
    'gate',
    'tally',
    // Having new ones sorted into an index, for whoever adds many.
    'number-index',
  ],
  // SQL that the import of a list of consents embeds: the one pen that writes them down.
  consents: ['record-sql'],
  messages: [
    // The port to carriers, and what they report back.
    'carrier',
    'find-by-network-id',
    'natural-batching',
    'process-receipts',
    'receipt-intake',
    'receipts',
    // What of the messages is whose.
    'routes',
    'writers',
    // When, and from which number, one that we send ourselves may leave.
    'lawful-hours',
    'local-time',
    'recipient-clock',
    // What waits for its time.
    'scheduled',
    'service-sms',
    // Run by the worker.
    'dispatcher',
    'status-index',
    'unreported',
  ],
  notices: [
    // What others send: a notice, an e-mail to a person, one with a link.
    'compose',
    'give-notices',
    'personal-email',
    'request-link',
    // Run by the worker.
    'outbox',
    'person-event-email',
    'transport',
  ],
  // What staff set for all, which the gates of other rooms read.
  platform: ['holds', 'keywords', 'settings'],
  'removal-requests': [
    // A reply answers requests and moves them on, in the statement that stores it.
    'answers',
    'progress',
    // For the pages of the public form and of the settings; the worker prunes what was not confirmed.
    'consent',
    'public-form',
    'settings',
  ],
  // What a carrier hands over goes in here.
  replies: ['intake', 'process-intake', 'read-reply'],
  'number-lists': [
    // The browser looks into a file with the very code that reads it here.
    'file/cell-look',
    'file/columns',
    'file/consent-cells',
    'file/encoding',
    'file/inspect',
    'file/workbook',
    // An answer file of the registry is read as a list is.
    'file/row-reader',
    'number-set',
    // For the route that receives a file.
    'unreadable-file',
    'upload',
    'upload-pool',
    'receive-file',
    // Run by the worker.
    'import-job',
    'import-turn',
    'retention',
  ],
  registry: [
    // For the route that receives an answer file; run by the worker.
    'upload',
    'import-job',
    'reminders',
  ],
  // For the route that makes the file of evidence, and the pages around it.
  stories: [
    'canonical-number',
    'complaint-facts',
    'complaint-file',
    'complaint-period',
    'evidence-facts',
    'evidence-file-name',
    'evidence-pdf',
    'evidence-table',
    'offset-time',
    'whole-text',
  ],
  // For the help page and the settings page.
  settings: ['own-keywords', 'reply-examples', 'time-zones'],
  // Run by the worker.
  // What waits to be told is made into deliveries before the rows that hold it change.
  webhooks: ['expand', 'sender', 'retention'],
  // How many days a page may ask for.
  home: ['days'],
  // What staff see of an account; a registration opens one. Run by the worker: the warning.
  accounts: ['account-view', 'low-credits', 'open-accounts'],
  // What the pages behind links read; the worker sends and prunes.
  people: ['own-details', 'recovery', 'registration'],
  // What makes the routes of programs: the gate of keys, and the answers of the REST API.
  'api-keys': ['answer-once', 'make-api'],
  'api-v2': [
    'consents',
    'credits',
    'make-api-route',
    'messages',
    'openapi',
    'opt-outs',
    'removal-requests',
    'replies',
    'webhooks',
  ],
  'rest-v1': ['accounts', 'incoming', 'make-rest-route', 'messages', 'opt-outs', 'send'],
  carriers: [
    // The two doors and the simulator, for routes and pages and for the worker.
    'carrier-route',
    'kannel-route',
    'create-carrier',
    'fleet',
    'kannel-box',
    'listener',
    'registry',
    'simulator',
    'simulator-gate',
    'simulator-phones',
  ],
};

/** The face that every room may have: "queries", "review-queries", "staff-actions". */
export const facePattern = /^(schema|labels|list|([a-z]+-)*(queries|commands|actions))$/;

const roomZones = rooms.map((room, index) => ({
  places: [`lib/${room}`],
  mayNotImport: rooms.slice(index + 1).map((later) => `lib/${later}`),
  message: `lib/${room} is below this room: see rooms.mjs. Move the file down, or hand in what is needed.`,
}));

/** Who may not import whom: app → components → types of lib; in lib a room imports only rooms above it. */
export const zones = [
  { places: ['lib'], mayNotImport: ['app', 'components', 'e2e', 'bench'], message: 'lib knows no pages.' },
  {
    places: ['components'],
    mayNotImport: ['app'],
    message: 'Components know no pages; hand them what they need.',
  },
  {
    places: ['components'],
    mayNotImport: ['lib'],
    except: /^lib\/(sms\/|number-lists\/file\/|[^/]+\/(schema|labels|list)$)/,
    message:
      'Components know lib/sms, of a feature its types and words, and how the file of a list is read; hand them the rest.',
  },
  {
    places: ['lib', 'app', 'components', 'proxy.ts'],
    mayNotImport: ['testing'],
    message: 'The product knows none of its tests.',
  },
  ...roomZones,
];
