import { Readable } from 'node:stream';
import type { NextRequest } from 'next/server';
import { z } from 'zod';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { findCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { computeFingerprint, writeEvidenceCsv, writeEvidenceXlsx } from '@/lib/stories/evidence-table';
import { composeEvidencePdf } from '@/lib/stories/evidence-pdf';
import { collectFacts } from '@/lib/stories/evidence-facts';
import { composeEvidenceFileName } from '@/lib/stories/evidence-file-name';
import { formatOffsetTime } from '@/lib/stories/offset-time';
import { respondProblem } from '@/lib/http/problem';
import { withPlace } from '@/lib/http/with-place';
import { separatorSchema } from '@/lib/lists/download-format';
import { describeFile, streamToWeb } from '@/lib/lists/file-download';
import { log } from '@/lib/log';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { readNumberSegment } from '@/lib/stories/canonical-number';
import { readStory } from '@/lib/stories/queries';

const formatSchema = z.enum(['pdf', 'csv', 'xlsx']);

/** The most messages, replies and changes in one pack; the pack says when there are more. */
const maxItems = 2000;

/** The most of each reply in a pack, in characters: thirty joined SMSs. The pack says when there is more. */
const maxTextLength = 5000;

/** The evidence pack of one number: ?format= pdf, csv or xlsx; of a CSV, ?separator= one character. */
export async function GET(
  request: NextRequest,
  context: { params: Promise<{ msisdn: string }> },
): Promise<Response> {
  const session = await findCustomer();
  if (!session) return respondProblem(401, 'Not signed in', 'Sign in to the Client Zone first.');
  const { scope, account, user } = session;
  const parameters = request.nextUrl.searchParams;
  const format = formatSchema.safeParse(parameters.get('format') ?? 'pdf');
  if (!format.success)
    return respondProblem(400, 'There is no such format', 'Ask for format=pdf, format=csv or format=xlsx.');
  const separator = separatorSchema.safeParse(parameters.get('separator') ?? ',');
  if (!separator.success) {
    return respondProblem(400, 'This field separator cannot be used', separator.error.issues[0]?.message);
  }
  try {
    return await withPlace('evidence', request, String(account.id), async () => {
      const msisdn = readNumberSegment((await context.params).msisdn);
      const story =
        msisdn && (await readStory(getPool(), scope, msisdn, { limit: maxItems, textLength: maxTextLength }));
      if (!story) return respondProblem(404, 'Not found', 'Nothing is known of this number.');
      const facts = collectFacts({ account, story });
      const origin = {
        madeAt: formatOffsetTime(new Date().toISOString(), account.timeZone),
        madeBy: `${user.name} (${user.username})`,
      };
      const name = composeEvidenceFileName(account.id, story.msisdn, account.timeZone);
      if (format.data === 'csv') {
        const csv = Readable.from(writeEvidenceCsv(facts, origin, separator.data)).map((part: string) =>
          Buffer.from(part),
        );
        return respondFile(csv, describeFile(name, 'csv'));
      }
      if (format.data === 'xlsx') {
        return respondFile(writeEvidenceXlsx(facts, origin), describeFile(name, 'xlsx'));
      }
      const pdf = composeEvidencePdf(facts, {
        ...origin,
        account: `${account.name}, ${formatAccountNumber(account.id)}`,
        number: formatMsisdn(story.msisdn),
        fingerprint: computeFingerprint(facts),
      });
      return respondFile(Readable.from(pdf), describeFile(name, 'pdf'));
    });
  } catch (err) {
    log.error({ err, accountId: account.id }, 'An evidence pack could not be made');
    return respondProblem(503, 'The file could not be made', 'Try again in a minute.', {
      'retry-after': '60',
    });
  }
}

function respondFile(file: Readable, headers: Record<string, string>): Response {
  return new Response(streamToWeb(file), { headers });
}
