import type { NewUser } from '@/lib/accounts/open-accounts';
import { providerAccountId } from '@/lib/auth/provider-account';
import type { Prisma } from '@/lib/db/generated/client';

/** Who plays in the demo. All of them are invented. */
export const roastery = 58324;
export const dentist = 61207;
export const tyreShop = 64390;

/** How long ago each account was opened, in days. */
export const openedDaysAgo = { [roastery]: 212, [dentist]: 150, [tyreShop]: 88 };

export const accounts = [
  {
    id: roastery,
    name: 'Karoo Coffee Roasters',
    ownerEmail: 'thandi@karoocoffee.example',
    status: 'ACTIVE',
    reviewPolicy: 'ASK',
    defaultPurpose: 'MARKETING',
    confirmationText: null,
  },
  {
    id: dentist,
    name: 'Bayside Dental Studio',
    ownerEmail: 'priya@baysidedental.example',
    status: 'ACTIVE',
    reviewPolicy: 'BLOCK',
    defaultPurpose: 'SERVICE',
    confirmationText:
      'Bayside Dental Studio: you have been opted out and will get no more SMSs from us. Please phone us about your appointments.',
  },
  {
    id: tyreShop,
    name: 'Highveld Tyre Centre',
    ownerEmail: 'owner@highveldtyres.example',
    status: 'SUSPENDED',
    reviewPolicy: 'ASK',
    defaultPurpose: 'MARKETING',
    confirmationText: null,
  },
] as const satisfies Omit<Prisma.AccountCreateManyInput, 'createdAt'>[];

export function findAccount(accountId: number) {
  const account = accounts.find(({ id }) => id === accountId);
  if (!account) throw new Error(`The demo has no account ${accountId}.`);
  return account;
}

export const thandi = 1;
export const pieter = 2;
export const priya = 3;
export const owner = 4;
export const lindiwe = 5;
export const sibusiso = 6;
export const ayesha = 7;

export const users = [
  {
    id: thandi,
    username: 'thandi',
    password: 'coffee-58324',
    email: 'thandi@karoocoffee.example',
    name: 'Thandi Mokoena',
    role: 'OWNER',
    accountId: roastery,
  },
  {
    id: pieter,
    username: 'pieter',
    password: 'roastery-58324',
    email: 'pieter@karoocoffee.example',
    name: 'Pieter van Wyk',
    role: 'ADMINISTRATOR',
    accountId: roastery,
  },
  {
    id: priya,
    username: 'priya',
    password: 'smile-61207',
    email: 'priya@baysidedental.example',
    name: 'Priya Naidoo',
    role: 'OWNER',
    accountId: dentist,
  },
  {
    id: owner,
    username: 'jaco',
    password: 'tyres-64390',
    email: 'owner@highveldtyres.example',
    name: 'Jaco Steyn',
    role: 'OWNER',
    accountId: tyreShop,
  },
  {
    id: lindiwe,
    username: 'lindiwe',
    password: 'staff-client-zone',
    email: 'lindiwe@provider.example',
    name: 'Lindiwe Dube',
    staffRole: 'ADMINISTRATOR',
    accountId: null,
  },
  {
    id: sibusiso,
    username: 'sibusiso',
    password: 'viewer-58324',
    email: 'sibusiso@karoocoffee.example',
    name: 'Sibusiso Nkosi',
    role: 'VIEWER',
    accountId: roastery,
  },
  {
    id: ayesha,
    username: 'ayesha',
    password: 'support-client-zone',
    email: 'ayesha@provider.example',
    name: 'Ayesha Patel',
    staffRole: 'SUPPORT',
    accountId: null,
  },
] as const satisfies (Omit<NewUser, 'passwordHash'> & { password: string })[];

/** The sign-ins that are shown to whoever starts the demo. */
export const demoSignIns = [
  composeSignIn(thandi, 'Customer', 'Karoo Coffee Roasters, W58324'),
  composeSignIn(priya, 'Customer', 'Bayside Dental Studio, W61207'),
  composeSignIn(sibusiso, 'Customer', 'Karoo Coffee Roasters, as viewer'),
  composeSignIn(lindiwe, 'Staff', 'the provider'),
  composeSignIn(ayesha, 'Staff', 'the provider, as support'),
] as const;

function composeSignIn(userId: number, role: 'Customer' | 'Staff', note: string) {
  const user = users.find(({ id }) => id === userId);
  if (!user) throw new Error(`The demo has no user ${userId}.`);
  return { role, username: user.username as string, password: user.password as string, note };
}

export const firstLongCode = '27600100201';

export const senderNumbers = [
  ...Array.from({ length: 8 }, (_, index) => ({
    number: String(Number(firstLongCode) + index),
    kind: 'LONG_CODE' as const,
    accountId: null,
  })),
  { number: '31023', kind: 'SHORT_CODE' as const, accountId: null },
  { number: '43127', kind: 'SHORT_CODE' as const, accountId: dentist },
  // The provider's own, for codes.
  { number: '33456', kind: 'SHORT_CODE' as const, accountId: providerAccountId },
] satisfies Prisma.SenderNumberCreateManyInput[];

/** The Afrikaans words that the roastery tells its readers to use. */
export const keywords = [
  { accountId: roastery, word: 'staak', match: 'EXACT' },
  { accountId: roastery, word: 'hou op', match: 'EXACT' },
  { accountId: roastery, word: 'teken my uit', match: 'PREFIX' },
] as const satisfies Omit<Prisma.AccountKeywordCreateManyInput, 'createdAt'>[];

/** The phones on the simulator's shelf, by who holds them. */
export const phones = {
  /** Writes to the roastery now and then. */
  chatty: '27825550142',
  /** Hears from the roastery and the dentist. */
  both: '27735550188',
  /** Said stop to the roastery. */
  optedOut: '27845550117',
  /** Reads Afrikaans, and asked in her own words to be left alone. */
  review: '27615550176',
  /** The dentist's patient. */
  patient: '27795550163',
  /** Said stop on a sender number from which two accounts had written. */
  shared: '27725550107',
} as const;
