/**
 * `npm run screenshots`: every page and state, light, dark and phone-sized, into .screenshots/. With
 * `--readme` also the picture in the README. Uses the instance that runs at E2E_PORT, or starts one.
 */
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';
import type { Pool } from 'pg';
import { phones } from '@/prisma/seed/cast';
import { chromiumFlags, findChromium } from '@/scripts/chromium.mjs';
import { note, printFailure, StageError, Stages } from '@/scripts/stage.mjs';
import {
  addLongReply,
  createAccount,
  createFurnishedAccount,
  signInByRequest,
  type Person,
} from './accounts';
import { waitForStillness } from './fixtures';
import { baseURL, demo, openDatabase, startCommand, startEnvironment } from './instance';
import { views, type View } from './views';

const folder = '.screenshots';
const stages = new Stages();

const longestWaitMs = 15_000;

const desk = { width: 1280, height: 800 };
const phone = { width: 360, height: 740 };

const isUp = () =>
  fetch(`${baseURL}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  );

/** Answers with how to stop it again. */
async function startInstance(): Promise<() => Promise<void>> {
  if (await isUp()) return () => Promise.resolve();
  const [program = '', ...parameters] = startCommand;
  const child = spawn(program, parameters, {
    env: { ...process.env, ...startEnvironment },
    stdio: 'inherit',
  });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  while (!(await isUp())) {
    if (child.exitCode !== null)
      throw new StageError('The instance to take pictures of did not start; see above.');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}

async function findPerson(who: View['as'], database: Pool): Promise<Person | null> {
  switch (who) {
    case 'nobody':
      return null;
    case 'furnished account':
      return createFurnishedAccount(database);
    case 'customer':
    case 'demo customer':
      return demo.thandi;
    case 'demo viewer':
      return demo.sibusiso;
    case 'staff':
      return demo.lindiwe;
    case 'fresh account':
      return createAccount(database);
    case 'trial account':
      return createAccount(database, { trialMsisdn: '27710000001' });
  }
}

/** Opens the view, and has something done with it. */
async function openView(
  browser: Browser,
  view: View,
  person: Person | null,
  options: BrowserContextOptions,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ baseURL, reducedMotion: 'reduce', ...options });
  try {
    if (person) await signInByRequest(context.request, person);
    const page = await context.newPage();
    page.setDefaultTimeout(longestWaitMs);
    await page.goto(view.path);
    await page.waitForLoadState('networkidle');
    await view.reach?.(page, phones.optedOut);
    await use(page);
  } finally {
    await context.close();
  }
}

/** In all looks; what a phone opens in another way is opened again for it. */
async function takeEachPicture(browser: Browser, view: View, person: Person | null): Promise<void> {
  const picture = async (page: Page, look: string) => {
    await waitForStillness(page);
    await page.screenshot({ path: path.join(folder, look, `${view.name.replace(/\W+/g, '-')}.png`) });
  };
  await openView(browser, view, person, { colorScheme: 'light', viewport: desk }, async (page) => {
    await picture(page, 'light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'dark');
    if (view.onPhone) return;
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(phone);
    await picture(page, 'phone');
  });
  if (view.onPhone !== 'opened another way') return;
  const options = { colorScheme: 'light', viewport: phone, hasTouch: true, isMobile: true } as const;
  await openView(browser, view, person, options, async (page) => {
    await picture(page, 'phone');
  });
}

/** A view that cannot be reached is told, and the others are pictured all the same. */
async function takePictures(browser: Browser, database: Pool, wanted: RegExp): Promise<void> {
  // What sends comes last: the lists are pictured as the demo made them.
  const inTurn = [...views].sort((a, b) => Number(a.path === '/send') - Number(b.path === '/send'));
  for (const view of inTurn.filter(({ name }) => wanted.test(name))) {
    await stages.attempt(view.name, view.name, async () => {
      await takeEachPicture(browser, view, await findPerson(view.as, database));
    });
  }
}

/** To the demo's customer; nobody of the demo writes that much. */
async function writeLongReply(database: Pool): Promise<void> {
  const msisdn = phones.optedOut;
  const { rows } = await database.query<{ accountId: number; senderNumber: string }>(
    `select account_id as "accountId", sender_number as "senderNumber" from conversation
     where msisdn = $1 order by last_message_at desc limit 1`,
    [msisdn],
  );
  if (rows[0]) await addLongReply(database, { ...rows[0], msisdn });
}

async function takeReadmePicture(browser: Browser): Promise<void> {
  const view = views.find(({ name }) => name === 'auto opt-outs');
  if (!view) throw new StageError('There is no view "auto opt-outs".');
  const options: BrowserContextOptions = {
    colorScheme: 'light',
    viewport: { width: 1200, height: 720 },
    deviceScaleFactor: 2,
  };
  await openView(browser, view, demo.thandi, options, async (page) => {
    await page.screenshot({ path: 'docs/images/auto-opt-outs.png' });
  });
}

try {
  const stop = await startInstance();
  const database = await openDatabase();
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: chromiumFlags });
  try {
    // Part of a name: only those.
    const wanted = process.argv.slice(2).find((parameter) => !parameter.startsWith('--'));
    if (!wanted) await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeLongReply(database);
    await takePictures(browser, database, new RegExp(wanted ?? ''));
    if (process.argv.includes('--readme')) await takeReadmePicture(browser);
    note(`The pictures are in ${folder}/.`);
  } finally {
    await browser.close();
    await database.end();
    await stop();
  }
  if (!stages.sound) process.exit(1);
} catch (error) {
  printFailure(error);
  process.exit(1);
}
