import { Readable } from 'node:stream';
import { z } from 'zod';
import { recordAct } from '@/lib/auth/activity';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { customerRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { respondProblem } from '@/lib/http/problem';
import { askReplica } from '@/lib/lists/ask-replica';
import { separatorSchema } from '@/lib/lists/download-format';
import { composeFileHeaders, streamToWeb } from '@/lib/lists/file-download';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { readNumberSegment } from '@/lib/stories/canonical-number';
import { collectFacts } from '@/lib/stories/evidence-facts';
import { composeEvidenceFileName } from '@/lib/stories/evidence-file-name';
import { composeEvidencePdf } from '@/lib/stories/evidence-pdf';
import { computeFingerprint, writeEvidenceCsv, writeEvidenceXlsx } from '@/lib/stories/evidence-table';
import { formatOffsetTime } from '@/lib/stories/offset-time';
import { readStory } from '@/lib/stories/queries';

/** The most messages, replies and changes in one pack; the pack says when there are more. */
const maxItems = 2000;

/** The most of each reply in a pack, in characters: thirty joined SMSs. The pack says when there is more. */
const maxTextLength = 5000;

/** The evidence pack of one number: ?format= pdf, csv or xlsx; of a CSV, ?separator= one character. */
export const GET = customerRoute(
  {
    params: z.object({ msisdn: z.string() }),
    query: z.object({
      format: z.enum(['pdf', 'csv', 'xlsx'], 'Ask for format=pdf, format=csv or format=xlsx.').default('pdf'),
      separator: separatorSchema.default(','),
    }),
    doing: 'Making an evidence pack',
    invalid: 'The file cannot be made like this',
    failed: 'The file could not be made',
  },
  ({ scope, account, user }, { request, params, query: { format, separator }, withPlace }) =>
    withPlace('evidence', async () => {
      const msisdn = readNumberSegment(params.msisdn);
      const size = { limit: maxItems, textLength: maxTextLength };
      const story = msisdn && (await askReplica((pool) => readStory(pool, scope, msisdn, size)));
      if (!story) return respondProblem(404, 'Not found', 'Nothing is known of this number.');
      await recordAct(
        getPool(),
        scope,
        'file.evidence',
        { file: formatMsisdn(story.msisdn) },
        readVisitorAddress(request.headers.get('x-forwarded-for')),
      );
      const facts = collectFacts({ account, story });
      const origin = {
        madeAt: formatOffsetTime(new Date().toISOString(), account.timeZone),
        madeBy: `${user.name} (${user.username})`,
      };
      const headers = composeFileHeaders(
        composeEvidenceFileName(account.id, story.msisdn, account.timeZone),
        format,
      );
      switch (format) {
        case 'csv': {
          const csv = Readable.from(writeEvidenceCsv(facts, origin, separator));
          return respondFile(
            csv.map((part: string) => Buffer.from(part)),
            headers,
          );
        }
        case 'xlsx':
          return respondFile(writeEvidenceXlsx(facts, origin), headers);
        case 'pdf': {
          const pdf = composeEvidencePdf(facts, {
            ...origin,
            account: `${account.name}, ${formatAccountNumber(account.id)}`,
            number: formatMsisdn(story.msisdn),
            fingerprint: computeFingerprint(facts),
          });
          return respondFile(Readable.from(pdf), headers);
        }
      }
    }),
);

function respondFile(file: Readable, headers: Record<string, string>): Response {
  return new Response(streamToWeb(file), { headers });
}
