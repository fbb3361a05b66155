import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { MonthOfAccount } from '@/lib/home/schema';
import { MonthPage } from './month-page';
import { StaffMonthPage } from './staff-month-page';

function read<Props extends object>(component: FunctionComponent<Props>, props: Props): string {
  const html = renderToStaticMarkup(createElement(component, props));
  return html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

const figures = { sent: 5, held: 1, optOuts: 1, blocked: [{ reason: 'On the registry', messages: 3 }] };
const none = { sent: 0, held: 0, optOuts: 0, blocked: [] };
const ofAccount: MonthOfAccount = {
  figures,
  often: [{ week: '2026-11-02', numbers: 1 }],
  most: 3,
  textRates: [],
  uncounted: [],
};

test('a month of an account says what was sent, what was blocked and why, and who got too much', () => {
  const shown = read(MonthPage, {
    month: '2026-11',
    latest: '2026-11',
    cleansingAge: null,
    figures: ofAccount,
  });
  expect(shown).toContain('November 2026');
  expect(shown).toContain('Marketing sent 5');
  expect(shown).toContain('On the registry 3');
  expect(shown).toContain('Week from 2 Nov 1 number');
  expect(shown).toContain('None yet');
  // there is no month after the present one
  expect(shown).toContain('October 2026');
  expect(shown).not.toContain('December 2026');
});

test('a month without marketing says so', () => {
  const empty = { ...ofAccount, figures: none };
  const props = { month: '2026-10', latest: '2026-11', cleansingAge: 3 };
  expect(read(MonthPage, { ...props, figures: empty })).toContain('No marketing in October 2026');
});

test('a month of all accounts has their sums, and says who is still to be counted', () => {
  const account = { id: 1, name: 'Karoo', figures, often: 2, cleansingAge: 1 };
  const accounts = [
    account,
    { ...account, id: 2, name: 'Bayside' },
    { ...account, id: 3, name: 'Silent', figures: none },
  ];
  const shown = read(StaffMonthPage, {
    month: '2026-10',
    latest: '2026-11',
    left: 1,
    accounts,
    textRates: [],
  });
  expect(shown).toContain('Marketing sent 10');
  expect(shown).toContain('On the registry 6');
  expect(shown).toContain(
    'Karoo 5 sent, 3 blocked, 1 held, 1 opt-out, 2 numbers too often in a week, cleansed 1 day ago',
  );
  expect(shown).toContain('1 account still to be counted');
  expect(shown).not.toContain('Silent');
  expect(
    read(StaffMonthPage, { month: '2026-10', latest: '2026-11', left: 0, accounts: [], textRates: [] }),
  ).toContain('No marketing in October 2026');
});
