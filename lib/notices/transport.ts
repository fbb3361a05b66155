import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { EmailRefusedError, type MailTransport, type OutgoingEmail } from './outbox';

/** The mail server of SMTP_URL; without one, files under DATA_DIR/outbox. */
export function createMailTransport(): MailTransport {
  return env.SMTP_URL === undefined
    ? createFolderTransport(path.join(env.DATA_DIR, 'outbox'))
    : createSmtpTransport(env.SMTP_URL, env.SMTP_FROM);
}

export function createSmtpTransport(url: string, from: string): MailTransport {
  // Without a time limit a silent server would hold a place among the jobs.
  const limits = { connectionTimeout: 20_000, greetingTimeout: 20_000, socketTimeout: 60_000 };
  const server = createTransport({ url, ...limits }, { from });
  return {
    async send(email) {
      try {
        await server.sendMail(composeMessage(email));
      } catch (error) {
        throw isForGood(error) ? new EmailRefusedError(error.message, { cause: error }) : error;
      }
      return { kept: null };
    },
  };
}

/**
 * A 5xx to the recipient or to the content is about this e-mail and stays. One to the sender or the sign-in
 * is about SMTP_FROM and SMTP_URL: once they are put right, it goes.
 */
function isForGood(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { command, responseCode = 0 } = error as { command?: string; responseCode?: number };
  return (command === 'RCPT TO' || command === 'DATA') && responseCode >= 500;
}

/**
 * Keeps each e-mail as a file that mail programs open; the same one again replaces itself. For the program's
 * own user alone: whom an account blocked, and links that confirm a request, stand in them.
 */
export function createFolderTransport(folder: string): MailTransport {
  return {
    async send(email) {
      const message = await new MailComposer({ from: env.SMTP_FROM, ...composeMessage(email) })
        .compile()
        .build();
      const name = `${email.createdAt.toISOString().slice(0, 10)}-${email.messageId.replace(/^<|@.*$/g, '')}.eml`;
      const file = path.join(folder, name);
      await makePrivateFolder(folder);
      // Whole or not at all, should the process die here; made anew, as one that is there keeps its mode.
      await rm(`${file}.part`, { force: true });
      await writeFile(`${file}.part`, message, { mode: 0o600 });
      await rename(`${file}.part`, file);
      return { kept: name };
    },
  };
}

async function makePrivateFolder(folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  await mkdir(folder, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    // Made by an earlier version, open to all. Some file systems (a mounted share) know no modes.
    await chmod(folder, 0o700).catch((err: unknown) =>
      log.warn({ err }, 'The outbox could not be closed to others'),
    );
  });
}

function composeMessage({ messageId, to, subject, text, html, createdAt }: OutgoingEmail) {
  return {
    messageId,
    // As one address, whatever is in it: a list of them would tell others.
    to: { name: '', address: to },
    subject,
    text,
    html,
    date: createdAt,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
