import { z } from 'zod';
import { auditActions, type AuditAction, type AuditFilter } from '@/lib/audit/schema';

const date = z.iso.date().nullable().catch(null).default(null);

const filterSchema = z
  .object({
    q: z.string().max(200).catch('').default(''),
    action: z
      .enum(Object.keys(auditActions) as [AuditAction, ...AuditAction[]])
      .nullable()
      .catch(null)
      .default(null),
    user: z
      .string()
      .regex(/^[1-9]\d{0,8}$/)
      .transform(Number)
      .nullable()
      .catch(null)
      .default(null),
    // "W58324" and "58324"
    account: z
      .string()
      .regex(/^\s*w?\s*\d{1,9}\s*$/i)
      .transform((text) => Number(text.replace(/\D/g, '')))
      .nullable()
      .catch(null)
      .default(null),
    from: date,
    to: date,
  })
  .transform(({ q, action, user, account, from, to }): AuditFilter => ({
    search: q,
    action,
    userId: user,
    accountId: account,
    from,
    to,
  }));

/** What a URL narrows the audit log to. Anything odd counts as not given. */
export function readAuditFilter(parameters: Record<string, string | string[] | undefined>): AuditFilter {
  return filterSchema.parse(parameters);
}
