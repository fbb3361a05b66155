import { z } from 'zod';
import { separatorSchema } from '@/lib/lists/download-format';

const mostDays = 1100;

const day = z.iso.date('Give a day like 2026-11-01.');

/** Which days, and as which file, in an address or a form. */
export const complaintChoice = z
  .object({
    from: day,
    to: day,
    format: z.enum(['pdf', 'csv'], 'Ask for format=pdf or format=csv.').default('pdf'),
    separator: separatorSchema.default(','),
  })
  .refine(({ from, to }) => from <= to, { message: 'The first day is after the last.', path: ['from'] })
  .refine(({ from, to }) => (Date.parse(to) - Date.parse(from)) / 86_400_000 <= mostDays, {
    message: 'A pack covers three years at most.',
    path: ['from'],
  });

/** The most messages in one pack; the pack says when there are more. */
export const maxComplaintMessages = 2000;
