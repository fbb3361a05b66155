import { formatAccountNumber } from '@/lib/auth/account-number';
import type { NewNotice } from './schema';

/** Where a link goes that is put in only when the e-mail is sent. */
export const linkPlaceholder = '{{link}}';

export interface EmailContent {
  heading: string;
  paragraphs: readonly string[];
  action: { label: string; url: string };
  /** Why they got it. */
  footer: string;
}

/** What the owner of an account is told by e-mail of something that the portal tells, too. */
export function composeNoticeEmail(
  notice: NewNotice,
  appUrl: string,
  role: 'the owner' | 'an administrator' = 'the owner',
): { text: string; html: string } {
  return composeEmail({
    heading: notice.title,
    paragraphs: notice.text,
    action: { label: notice.action, url: `${appUrl}${notice.path}` },
    footer: `You get this e-mail as ${role} of account ${formatAccountNumber(notice.accountId)}.`,
  });
}

/** An e-mail, as plain text and as HTML. Everything in it is text: nothing of it is taken for HTML. */
export function composeEmail({ heading, paragraphs, action, footer }: EmailContent): {
  text: string;
  html: string;
} {
  const text =
    [heading, ...paragraphs, `${action.label}:\n${action.url}`, `--\n${footer}`].join('\n\n') + '\n';
  const body = paragraphs
    .map((paragraph) => `<p style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`)
    .join('\n');
  const html = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(heading)}</title></head>
<body style="margin:0;padding:24px;background:#f4f4f5;color:#18181b;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border-radius:12px">
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">${escapeHtml(heading)}</h1>
${body}
<p style="margin:24px 0"><a href="${escapeHtml(action.url)}" style="display:inline-block;padding:10px 18px;border-radius:8px;background:#0f766e;color:#ffffff;text-decoration:none">${escapeHtml(action.label)}</a></p>
<p style="margin:24px 0 0;color:#52525b;font-size:13px">${escapeHtml(footer)}</p>
</div>
</body>
</html>
`;
  return { text, html };
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
