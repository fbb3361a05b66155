import { expect, test, visit } from './fixtures';

test('a message tells its way, step by step @soak', async ({ furnished, openAs }) => {
  const page = await openAs(furnished);
  await visit(page, '/messages?status=FAILED,BLOCKED');
  const rows = page.getByRole('table', { name: 'Outgoing messages' }).locator('tbody tr');
  await expect(rows).toHaveCount(2);

  await rows.filter({ hasText: 'Failed' }).press('Enter');
  const steps = page.getByRole('dialog').getByRole('list', { name: 'Status' }).getByRole('listitem');
  await expect(steps).toHaveText([/^Queued/, /^Failed.*The phone could not be reached\./]);
  await page.keyboard.press('Escape');

  await rows.filter({ hasText: 'Blocked' }).press('Enter');
  await expect(steps.last()).toContainText('Opted out: this number is on your Auto Opt-Outs list.');
  await expect(steps.getByRole('link', { name: 'Why it is blocked' })).toHaveAttribute(
    'href',
    '/messages/opt-outs/27710000206',
  );
});

test('a reply tells its verdict and rule in words; each tab has its own filters', async ({
  furnished,
  openAs,
}) => {
  const page = await openAs(furnished);
  await visit(page, '/messages?tab=incoming');
  await page.getByRole('button', { name: 'Verdict' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Opt-out' }).click();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL('/messages?tab=incoming&verdict=OPT_OUT');
  const rows = page.getByRole('table', { name: 'Incoming replies' }).locator('tbody tr');
  await expect(rows).toHaveCount(1);
  await rows.press('Enter');
  const panel = page.getByRole('dialog');
  await expect(panel).toContainText('Certainly an opt-out: the number was blocked at once.');
  await expect(panel).toContainText('Exactly “stop”');
  await expect(panel.getByRole('link', { name: 'Story of this number' })).toHaveAttribute(
    'href',
    '/messages/opt-outs/27710000201',
  );
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Outgoing' }).click();
  await expect(page).toHaveURL('/messages');
  await expect(page.getByRole('button', { name: 'Status', exact: true })).toBeVisible();
});

test('replies that wait for a person are counted beside the tabs', async ({ furnished, openAs }) => {
  const page = await openAs(furnished);
  await visit(page, '/messages?tab=incoming');
  await expect(
    page.getByRole('navigation', { name: 'Direction' }).getByRole('link', { name: 'Replies to review 1' }),
  ).toHaveAttribute('href', '/messages/review');
});
