import type { Page } from '@playwright/test';
import { expect, visit } from './fixtures';

/** Chooses a first password on the page where a link has led, and signs in with it. */
export async function choosePassword(page: Page, username: string, password: string): Promise<void> {
  await expect(page.getByText(`You sign in with it as ${username}.`)).toBeVisible();
  await page.getByLabel('New password').fill(password);
  await page.getByRole('button', { name: 'Save my password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password is set' })).toBeFocused();
  await visit(page, '/sign-in');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
}
