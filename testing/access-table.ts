/**
 * Who gets what: each page, action, route and door of the worker by each kind of visitor. It is written by
 * what people should be able to do and reads nothing of lib/auth/permissions.ts, so that a mistake there
 * fails a test. access-table.test.ts holds the actions and the worker's doors to it and finds what is missing
 * here; e2e/access.spec.ts asks the running program for the pages and routes.
 */
export const visitors = [
  'nobody',
  /** A customer whose second factor is still to come. */
  'half',
  /** Whose session began before they were suspended, in every account, in this one, or with their account. */
  'suspended person',
  'suspended member',
  'of suspended account',
  /** Signed in, and in no account. */
  'outsider',
  'viewer',
  'sender',
  'administrator',
  'owner',
  /** The owner of another account. */
  'stranger',
  'support',
  'staff administrator',
  /** A program with an API key of the account that may do everything, and one of another account. */
  'key',
  'other key',
  /** A carrier with its secret. */
  'carrier',
] as const;
export type Visitor = (typeof visitors)[number];

/**
 * What a visitor gets. Led elsewhere: to the sign-in page, to its second step, to the page that says that
 * their role does not allow it, or to a path. "refused": 401, as there is nobody to ask; "forbidden": 403 by
 * a route, a refusal in words by an action; "missing": 404.
 */
export type Access =
  | 'ok'
  | 'sign-in'
  | 'second-step'
  | 'not-allowed'
  | 'refused'
  | 'forbidden'
  | 'missing'
  | `to /${string}`;

type Row = Record<Visitor, Access>;

/** Where somebody is led, in the table's words. */
export function nameLanding(location: string): Access {
  const { pathname } = new URL(location, 'http://localhost');
  if (pathname === '/sign-in') return 'sign-in';
  if (pathname === '/sign-in/second-step') return 'second-step';
  return pathname.endsWith('/not-allowed') ? 'not-allowed' : (`to ${pathname}` as Access);
}

/** The same for every visitor. */
const all = (access: Access): Row => Object.fromEntries(visitors.map((one) => [one, access])) as Row;

/** What those get who are not signed in, keys and carriers included, and those who no longer are. */
const strangers = (access: Access) =>
  ({
    nobody: access,
    'suspended person': access,
    'suspended member': access,
    'of suspended account': access,
    key: access,
    'other key': access,
    carrier: access,
  }) as const;
const members = (access: Access) =>
  ({ viewer: access, sender: access, administrator: access, owner: access }) as const;
const staff = (access: Access) => ({ support: access, 'staff administrator': access }) as const;

/** Pages that all of an account's people see, each their own account. */
const readersPage: Row = {
  ...strangers('sign-in'),
  half: 'second-step',
  outsider: 'to /accounts',
  ...members('ok'),
  stranger: 'ok',
  ...staff('to /admin'),
};
const sendersPage: Row = { ...readersPage, viewer: 'not-allowed' };
const administratorsPage: Row = { ...sendersPage, sender: 'not-allowed' };
/** A page of something of the account: to another account it is not there. */
const recordPage: Row = { ...readersPage, stranger: 'missing' };
const staffPage: Row = {
  ...strangers('sign-in'),
  half: 'second-step',
  outsider: 'missing',
  ...members('missing'),
  stranger: 'missing',
  ...staff('ok'),
};
const home: Row = {
  ...strangers('ok'),
  half: 'ok',
  outsider: 'to /accounts',
  ...members('to /'),
  stranger: 'to /',
  ...staff('to /admin'),
};

const readersRoute: Row = {
  ...strangers('refused'),
  half: 'refused',
  outsider: 'refused',
  ...members('ok'),
  stranger: 'ok',
  ...staff('refused'),
};
const sendersRoute: Row = { ...readersRoute, viewer: 'forbidden' };
const administratorsRoute: Row = { ...sendersRoute, sender: 'forbidden' };
const recordRoute: Row = { ...readersRoute, stranger: 'missing' };
const staffStream: Row = { ...all('refused'), ...staff('ok') };
const keysRoute: Row = { ...all('refused'), key: 'ok', 'other key': 'ok' };
const carriersRoute: Row = { ...all('refused'), carrier: 'ok' };
/** Here no carrier is a Kannel; a receipt is opened by the signature of its message alone. */
const kannelReplies: Row = { ...all('refused'), carrier: 'missing' };
const kannelReceipts: Row = all('refused');

/** How the running program is asked, where it is not by the door's own path. */
interface Asking {
  /** With {names} of what belongs to the account. */
  path?: string;
  body?: unknown;
  /** What "ok" is. Left out: 200. */
  status?: number;
}
export type Door = Row & { ask?: Asking };
const ask = (row: Row, asking: Asking): Door => ({ ...row, ask: asking });

/** By path, without the groups in parentheses. */
export const pages: Record<string, Door> = {
  '/sign-in': { ...home, half: 'second-step' },
  '/sign-in/second-step': { ...home, ...strangers('sign-in') },
  '/register': home,
  // without the cookie of a registration
  '/register/code': all('to /register'),
  '/register/confirm': all('ok'),
  '/recover': all('ok'),
  '/recover/password': all('ok'),
  '/recover/username': all('ok'),
  '/invitation': all('ok'),
  '/details/confirm': all('ok'),
  '/docs/api': all('ok'),
  '/docs/api/problems': all('ok'),
  '/contact': { ...all('ok'), ...members('to /removal-requests/new'), stranger: 'to /removal-requests/new' },
  '/contact/confirm': all('ok'),
  // The program under test is a demo of this machine's, where everybody holds the phones.
  '/simulator': all('ok'),
  '/simulator/mail': all('ok'),
  '/accounts': { ...readersPage, outsider: 'ok' },

  '/': readersPage,
  '/account/security': readersPage,
  '/activity': administratorsPage,
  '/credits': readersPage,
  '/credits/sub-accounts': readersPage,
  '/details': readersPage,
  '/help': readersPage,
  '/messages': readersPage,
  '/messages/consents': readersPage,
  '/messages/month': readersPage,
  '/messages/opt-outs': readersPage,
  '/messages/opt-outs/[msisdn]': ask(recordPage, { path: '/messages/opt-outs/{number}' }),
  '/messages/opt-outs/check': sendersPage,
  '/messages/opt-outs/import': sendersPage,
  '/messages/opt-outs/lists/[id]': ask(recordPage, { path: '/messages/opt-outs/lists/{list}' }),
  '/messages/cleansing': readersPage,
  '/messages/cleansing/[id]': ask(recordPage, { path: '/messages/cleansing/{ownAnswer}' }),
  // Viewers look on.
  '/messages/review': readersPage,
  '/messages/scheduled': readersPage,
  '/not-allowed': readersPage,
  '/notices': readersPage,
  '/people': readersPage,
  '/removal-requests': readersPage,
  '/removal-requests/[id]': ask(recordPage, { path: '/removal-requests/{request}' }),
  '/removal-requests/new': sendersPage,
  '/send': sendersPage,
  '/settings': readersPage,
  '/settings/api-keys': administratorsPage,
  '/settings/webhooks': administratorsPage,
  '/settings/webhooks/[id]': ask(
    { ...administratorsPage, stranger: 'missing' },
    { path: '/settings/webhooks/{webhook}' },
  ),
  // for a trial; the accounts here are full ones
  '/welcome': { ...sendersPage, sender: 'to /', administrator: 'to /', owner: 'to /', stranger: 'to /' },

  '/admin': staffPage,
  '/admin/account/security': staffPage,
  '/admin/accounts': staffPage,
  '/admin/accounts/[id]': ask(staffPage, { path: '/admin/accounts/{account}' }),
  '/admin/audit': staffPage,
  '/admin/details': staffPage,
  '/admin/keywords': staffPage,
  '/admin/not-allowed': staffPage,
  '/admin/month': staffPage,
  '/admin/outbox': staffPage,
  '/admin/outbox/[accountId]/[id]': ask(staffPage, { path: '/admin/outbox/{account}/{email}' }),
  '/admin/privacy': staffPage,
  '/admin/staff': staffPage,
  '/admin/removal-requests': staffPage,
  '/admin/removal-requests/[accountId]/[id]': ask(staffPage, {
    path: '/admin/removal-requests/{account}/{request}',
  }),
  '/admin/registry': staffPage,
  '/admin/registry/[id]': ask(staffPage, { path: '/admin/registry/{answer}' }),
  '/admin/replies': staffPage,
  '/admin/settings': staffPage,
  '/admin/system': staffPage,
};

/** By method and path, streams among them; and what is asked, where one path answers several things. */
export const routes: Record<string, Door> = {
  'GET /healthz': all('ok'),
  'GET /readyz': all('ok'),
  // to whoever shows METRICS_TOKEN, and nothing else counts
  'GET /metrics': all('missing'),
  'GET /api/[...path]': ask(all('missing'), { path: '/api/nothing-here' }),
  'GET /api/auth/[...nextauth]': ask(all('ok'), { path: '/api/auth/providers' }),
  // without its token it does nothing, and leads to the page that asks
  'POST /api/auth/[...nextauth]': ask(all('to /api/auth/signout'), { path: '/api/auth/signout' }),

  'POST /api/cleansing': ask(sendersRoute, { status: 400 }),
  'GET /api/cleansing/numbers': readersRoute,
  'GET /api/consents': readersRoute,
  'GET /api/cleansing/[id]/differences': ask(recordRoute, { path: '/api/cleansing/{ownAnswer}/differences' }),
  'GET /api/downloads/[list]': ask(readersRoute, { path: '/api/downloads/outgoing' }),
  'GET /api/downloads/[list] incoming': ask(readersRoute, { path: '/api/downloads/incoming' }),
  'GET /api/downloads/[list] opt-outs': ask(readersRoute, { path: '/api/downloads/auto-opt-outs' }),
  'GET /api/downloads/[list] credits': ask(readersRoute, { path: '/api/downloads/credits' }),
  'GET /api/downloads/[list] activity': ask(administratorsRoute, { path: '/api/downloads/activity' }),
  'GET /api/events': readersRoute,
  'GET /api/complaints/[msisdn]': ask(recordRoute, {
    path: '/api/complaints/{number}?format=csv&from=2026-01-01&to=2026-12-31',
  }),
  'GET /api/evidence/[msisdn]': ask(recordRoute, { path: '/api/evidence/{number}?format=csv' }),
  'POST /api/number-lists': ask(sendersRoute, { status: 400 }),
  'GET /api/number-lists/[id]/[file]': ask(recordRoute, { path: '/api/number-lists/{list}/report' }),
  'GET /api/texts/[kind]/[id]': ask(recordRoute, { path: '/api/texts/reply/{reply}' }),

  'GET /api/admin/downloads/audit': staffPage,
  'GET /api/admin/downloads/replies': staffPage,
  'GET /api/admin/events': staffStream,
  'POST /api/admin/complaint': ask(staffPage, { body: 'number=', status: 400 }),
  'POST /api/admin/person': ask(staffPage, { body: 'number=', status: 400 }),
  'POST /api/admin/registry': ask({ ...staffPage, support: 'forbidden' }, { status: 400 }),
  'GET /api/admin/texts/[kind]/[accountId]/[id]': ask(staffPage, {
    path: '/api/admin/texts/reply/{account}/{reply}',
  }),
  'GET /api/admin/texts/unowned/[msisdn]/[id]': ask(staffPage, {
    path: '/api/admin/texts/unowned/{unownedNumber}/{unowned}',
  }),

  'GET /api/simulator/events': all('ok'),
  'POST /api/carrier/[carrier]/reply': ask(carriersRoute, {
    path: '/api/carrier/simulator/reply',
    body: {},
    status: 400,
  }),
  'POST /api/carrier/[carrier]/receipt': ask(carriersRoute, {
    path: '/api/carrier/simulator/receipt',
    body: {},
    status: 400,
  }),
  'GET /api/carrier/[carrier]/kannel/reply': ask(kannelReplies, {
    path: '/api/carrier/simulator/kannel/reply',
  }),
  'GET /api/carrier/[carrier]/kannel/receipt': ask(kannelReceipts, {
    path: '/api/carrier/simulator/kannel/receipt',
  }),

  'GET /api/rest/v1/[[...path]]': ask(all('missing'), { path: '/api/rest/v1/nothing-here' }),
  'GET /api/rest/v1/credits/balance': keysRoute,
  'POST /api/rest/v1/credits/transfer': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/rest/v1/shortcode/incoming': keysRoute,
  'GET /api/rest/v1/sms/incoming': keysRoute,
  'GET /api/rest/v1/sms/incoming/optout': keysRoute,
  'POST /api/rest/v1/sms/outgoing/send': ask(keysRoute, { body: {}, status: 422 }),
  'POST /api/rest/v1/sms/outgoing/status': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/rest/v1/sms/scheduled': keysRoute,
  'POST /api/rest/v1/sms/scheduled/delete': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/rest/v1/subaccounts': keysRoute,

  'GET /api/v2/[[...path]]': ask(all('missing'), { path: '/api/v2/nothing-here' }),
  'GET /api/v2/openapi.json': all('ok'),
  'GET /api/v2/consents': keysRoute,
  'POST /api/v2/consents': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/v2/consents/[number]': ask(keysRoute, { path: '/api/v2/consents/no-number', status: 422 }),
  'POST /api/v2/consents/[number]/withdrawal': ask(keysRoute, {
    path: '/api/v2/consents/no-number/withdrawal',
    body: {},
    status: 422,
  }),
  'GET /api/v2/credits': keysRoute,
  'GET /api/v2/messages': keysRoute,
  'POST /api/v2/messages': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/v2/messages/[id]': ask(keysRoute, { path: '/api/v2/messages/none', status: 422 }),
  'DELETE /api/v2/messages/[id]': ask(keysRoute, { path: '/api/v2/messages/none', status: 422 }),
  'GET /api/v2/opt-outs': keysRoute,
  'GET /api/v2/opt-outs/[number]': ask(
    { ...keysRoute, 'other key': 'missing' },
    { path: '/api/v2/opt-outs/{number}' },
  ),
  'PUT /api/v2/opt-outs/[number]': ask(keysRoute, { path: '/api/v2/opt-outs/no-number', status: 422 }),
  'DELETE /api/v2/opt-outs/[number]': ask(keysRoute, { path: '/api/v2/opt-outs/no-number', status: 422 }),
  // empty for whoever knows nothing of the number
  'GET /api/v2/opt-outs/[number]/history': ask(keysRoute, { path: '/api/v2/opt-outs/{number}/history' }),
  'POST /api/v2/opt-outs/bulk': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/v2/opt-outs/changes': keysRoute,
  'POST /api/v2/opt-outs/check': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/v2/removal-requests': keysRoute,
  'POST /api/v2/removal-requests': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/v2/removal-requests/[id]': ask(
    { ...keysRoute, 'other key': 'missing' },
    { path: '/api/v2/removal-requests/{request}' },
  ),
  'DELETE /api/v2/removal-requests/[id]': ask(keysRoute, {
    path: '/api/v2/removal-requests/none',
    status: 422,
  }),
  'GET /api/v2/replies': keysRoute,
  'GET /api/v2/replies/[id]': ask(
    { ...keysRoute, 'other key': 'missing' },
    { path: '/api/v2/replies/{reply}' },
  ),
  'GET /api/v2/webhooks': keysRoute,
  'POST /api/v2/webhooks': ask(keysRoute, { body: {}, status: 422 }),
  'GET /api/v2/webhooks/[id]': ask(
    { ...keysRoute, 'other key': 'missing' },
    { path: '/api/v2/webhooks/{webhook}' },
  ),
  'PATCH /api/v2/webhooks/[id]': ask(keysRoute, {
    path: '/api/v2/webhooks/{webhook}',
    body: { url: '' },
    status: 422,
  }),
  'DELETE /api/v2/webhooks/[id]': ask(keysRoute, { path: '/api/v2/webhooks/none', status: 422 }),
  'POST /api/v2/webhooks/[id]/rotate-secret': ask(keysRoute, {
    path: '/api/v2/webhooks/{webhook}/rotate-secret',
    body: { overlapHours: 2 },
    status: 422,
  }),
  'POST /api/v2/webhooks/[id]/pause': ask(
    { ...keysRoute, 'other key': 'missing' },
    { path: '/api/v2/webhooks/{webhook}/pause' },
  ),
  'POST /api/v2/webhooks/[id]/resume': ask(keysRoute, { path: '/api/v2/webhooks/none/resume', status: 422 }),
  // that of the account is paused
  'POST /api/v2/webhooks/[id]/test': ask(
    { ...keysRoute, 'other key': 'missing' },
    { path: '/api/v2/webhooks/{webhook}/test', status: 409 },
  ),
  'GET /api/v2/webhooks/[id]/deliveries': ask(
    { ...keysRoute, 'other key': 'missing' },
    { path: '/api/v2/webhooks/{webhook}/deliveries' },
  ),
  'GET /api/v2/webhooks/[id]/deliveries/[deliveryId]': ask(keysRoute, {
    path: '/api/v2/webhooks/{webhook}/deliveries/none',
    status: 422,
  }),
  'POST /api/v2/webhooks/[id]/deliveries/[deliveryId]/resend': ask(keysRoute, {
    path: '/api/v2/webhooks/{webhook}/deliveries/none/resend',
    status: 422,
  }),
};

/** The worker's own, by method and path. */
export const workerDoors: Record<string, Row> = {
  'GET /healthz': all('ok'),
  'GET /readyz': all('ok'),
  'GET /metrics': all('missing'),
  'POST /carrier/:carrier/reply': carriersRoute,
  'POST /carrier/:carrier/receipt': carriersRoute,
  'GET /carrier/:carrier/kannel/reply': kannelReplies,
  'GET /carrier/:carrier/kannel/receipt': kannelReceipts,
};

const byReaders: Row = { ...readersPage };
const bySenders: Row = { ...readersPage, viewer: 'forbidden' };
const byAdministrators: Row = { ...bySenders, sender: 'forbidden' };
const byOwners: Row = { ...byAdministrators, administrator: 'forbidden' };
const byStaff: Row = staffPage;
const byStaffAdministrators: Row = { ...staffPage, support: 'forbidden' };
/** What is somebody's own, whoever is signed in. */
const byPersons: Row = { ...all('ok'), ...strangers('sign-in'), half: 'second-step' };
const byHalves: Row = { ...all('sign-in'), half: 'ok' };
const byAnybody: Row = all('ok');

/** By file and name. */
export const actions: Record<string, Record<string, Row>> = {
  'lib/accounts/actions.ts': {
    suspendAccount: byStaffAdministrators,
    reinstateAccount: byStaffAdministrators,
    makeFullAccount: byStaffAdministrators,
    topUpAccount: byStaffAdministrators,
    correctAccountCredits: byStaffAdministrators,
  },
  'lib/api-keys/actions.ts': {
    makeKey: byAdministrators,
    rotateKey: byAdministrators,
    chooseSender: byAdministrators,
    revokeKey: byAdministrators,
  },
  'lib/auth/actions.ts': { signOut: byAnybody },
  // of an installation that others reach, where the phones are the staff's
  'lib/carriers/simulator-actions.ts': { loadPhone: byStaff, sendReply: byStaff },
  'lib/carriers/system-actions.ts': {
    changeCarrierState: byStaffAdministrators,
    addNewCarrier: byStaffAdministrators,
    saveCarrier: byStaffAdministrators,
    deleteCarrier: byStaffAdministrators,
    putRoute: byStaffAdministrators,
    deleteRoute: byStaffAdministrators,
    decideAboutDoubts: byStaffAdministrators,
    chooseDoubtPolicy: byStaffAdministrators,
  },
  'lib/consents/actions.ts': { recordConsent: bySenders, withdrawConsentByHand: bySenders },
  'lib/credits/actions.ts': { saveWarningLevel: byAdministrators, transferCredits: byAdministrators },
  'lib/messages/actions.ts': {
    sendMessages: bySenders,
    cancelScheduledBatch: bySenders,
    changeScheduledBatch: bySenders,
  },
  'lib/notices/actions.ts': { readNotices: bySenders },
  'lib/notices/staff-actions.ts': { tryEmailAgain: byStaffAdministrators },
  'lib/number-lists/actions.ts': { stopImport: bySenders },
  'lib/opt-outs/actions.ts': { addOptOutNumbers: bySenders, removeOptOutNumbers: bySenders },
  'lib/people/actions.ts': {
    registerAccount: byAnybody,
    confirmRegistrationEmail: byAnybody,
    sendAnotherCode: byAnybody,
    openTrialAccount: byAnybody,
    recoverPassword: byAnybody,
    recoverUsername: byAnybody,
    setNewPassword: byAnybody,
  },
  'lib/people/member-actions.ts': {
    invitePerson: byAdministrators,
    sendInvitationAgain: byAdministrators,
    withdrawInvitation: byAdministrators,
    changePersonRole: byAdministrators,
    suspendPerson: byAdministrators,
    reinstatePerson: byAdministrators,
    removePerson: byAdministrators,
    handOverAccount: byOwners,
    switchOwnAccount: byPersons,
    leaveAccount: byPersons,
    acceptInvitation: byPersons,
    acceptInvitationAsNew: byAnybody,
  },
  'lib/people/own-actions.ts': {
    changeOwnPassword: byPersons,
    changeOwnEmail: byPersons,
    changeOwnNumber: byPersons,
    confirmOwnNumber: byPersons,
    confirmOwnEmail: byAnybody,
  },
  'lib/people/sub-account-actions.ts': {
    openSubAccount: byAdministrators,
    honourFamilyOptOuts: byAdministrators,
  },
  'lib/people/staff-actions.ts': { resetFactor: byStaffAdministrators },
  'lib/people/staff-member-actions.ts': {
    addStaffMember: byStaffAdministrators,
    changeStaffMember: byStaffAdministrators,
    resetStaffFactor: byStaffAdministrators,
  },
  'lib/platform/actions.ts': {
    tryPlatformKeyword: byStaff,
    savePlatformKeyword: byStaffAdministrators,
    deletePlatformKeyword: byStaffAdministrators,
    saveSettings: byStaffAdministrators,
  },
  'lib/privacy/actions.ts': {
    saveRetention: byStaffAdministrators,
    setHold: byStaffAdministrators,
    liftHold: byStaffAdministrators,
    findPerson: byStaff,
    erasePerson: byStaffAdministrators,
  },
  'lib/registry/actions.ts': {
    putCleansingInForce: bySenders,
    discardCleansing: bySenders,
    reportNobody: bySenders,
    saveRegistration: byAdministrators,
  },
  'lib/registry/staff-actions.ts': {
    putAnswerInForce: byStaffAdministrators,
    discardRegistryAnswer: byStaffAdministrators,
    lookUpOnRegistry: byStaff,
  },
  'lib/removal-requests/actions.ts': {
    checkNumber: bySenders,
    requestNumberRemoval: bySenders,
    cancelRemovalRequest: bySenders,
    sendContactForm: byAnybody,
    confirmRemovalRequest: byAnybody,
    saveConsent: byAdministrators,
  },
  'lib/removal-requests/staff-actions.ts': {
    decideRemovalRequests: byStaffAdministrators,
    addOptOutForAccount: byStaffAdministrators,
    correctOptOut: byStaffAdministrators,
  },
  'lib/replies/review-actions.ts': {
    optOutReply: bySenders,
    dismissReply: bySenders,
    undoDecision: bySenders,
  },
  'lib/second-factor/actions.ts': {
    beginPasskeySignIn: byAnybody,
    enterCode: byHalves,
    enterRecoveryCode: byHalves,
    beginPasskeyStep: byHalves,
    enterPasskey: byHalves,
    beginFirstApp: byHalves,
    confirmFirstApp: byHalves,
    beginFirstPasskey: byHalves,
    addFirstPasskey: byHalves,
    beginProof: byPersons,
    beginApp: byPersons,
    confirmApp: byPersons,
    removeApp: byPersons,
    renewRecoveryCodes: byPersons,
    beginPasskey: byPersons,
    addPasskey: byPersons,
    renamePasskey: byPersons,
    removePasskey: byPersons,
    endSession: byPersons,
    endOtherSessions: byPersons,
    saveRequirement: byAdministrators,
  },
  'lib/settings/actions.ts': {
    saveConfirmation: byAdministrators,
    addKeyword: byAdministrators,
    removeKeyword: byAdministrators,
    saveReviewPolicy: byAdministrators,
    saveDefaultPurpose: byAdministrators,
    saveTradingNames: byAdministrators,
    saveMarketingCap: byAdministrators,
    saveTimeZone: byAdministrators,
    tryReply: byReaders,
  },
  'lib/webhooks/actions.ts': {
    addWebhook: byAdministrators,
    changeWebhook: byAdministrators,
    rotateWebhook: byAdministrators,
    pauseWebhook: byAdministrators,
    resumeWebhook: byAdministrators,
    removeWebhook: byAdministrators,
    testWebhook: byAdministrators,
    resendDelivery: byAdministrators,
  },
  'lib/carriers/set-aside-actions.ts': {
    tryReplyAgain: byStaffAdministrators,
    leaveReply: byStaffAdministrators,
  },
  'lib/unowned-replies/actions.ts': {
    suggestAccounts: byStaff,
    assignReply: byStaffAdministrators,
    noteReply: byStaffAdministrators,
  },
};
