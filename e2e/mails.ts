import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@playwright/test';
import { dataDir, readBeginning } from './instance';

/**
 * The latest e-mail to this address with this in its subject, as text, from the folder in which e-mails are
 * kept without a mail server.
 */
export async function readMail(to: string, subject: string): Promise<string> {
  const folder = path.join(dataDir, 'outbox');
  const read = async () => {
    const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
    // Those of an earlier run lie there still, to people of the same names.
    const begun = await readBeginning();
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(folder, name);
        return (await stat(file)).mtimeMs < begun ? [] : [file];
      }),
    );
    const mails = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
    const decoded = mails.map((mail) =>
      // Quoted-printable, with its soft line breaks; headers that go on in the next line.
      mail
        .replace(/=\r?\n/g, '')
        .replace(/=([\dA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
        .replace(/\r?\n[ \t]+/g, ' '),
    );
    const found = decoded.filter(
      (mail) => new RegExp(`^To: .*${to.replace(/\W/g, '\\$&')}`, 'm').test(mail) && mail.includes(subject),
    );
    return found.sort((one, other) => Date.parse(readDate(one)) - Date.parse(readDate(other))).at(-1) ?? '';
  };
  await expect.poll(read, { message: `an e-mail to ${to}: ${subject}` }).not.toBe('');
  return read();
}

const readDate = (mail: string) => /^Date: (.*)$/m.exec(mail)?.[1]?.trim() ?? '';

/** The path of its link, without the host. */
export function findLink(mail: string): string {
  const link = /https?:\/\/[^/\s]+(\/[\w/]+\?token=[\w.-]+)/.exec(mail)?.[1];
  if (link === undefined) throw new Error('There is no link in the e-mail.');
  return link;
}
