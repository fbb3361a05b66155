import { Readable } from 'node:stream';
import type { z } from 'zod';
import { composeFileHeaders, streamToWeb } from '@/lib/lists/file-download';
import { formatMsisdn } from '@/lib/sms/msisdn';
import type { complaintChoice } from './complaint-period';
import type { Fact } from './evidence-facts';
import { composeEvidencePdf } from './evidence-pdf';
import { computeFingerprint, writeEvidenceCsv, type PackOrigin } from './evidence-table';

interface ComplaintFile {
  facts: readonly Fact[];
  msisdn: string;
  /** What stands at the top of each page. */
  account: string;
  origin: PackOrigin;
  /** Without its ending. */
  name: string;
  choice: Pick<z.output<typeof complaintChoice>, 'format' | 'separator'>;
}

/** The pack as an answer, written by what writes evidence packs. */
export function respondComplaint({ facts, msisdn, account, origin, name, choice }: ComplaintFile): Response {
  const headers = composeFileHeaders(name, choice.format);
  const file =
    choice.format === 'csv'
      ? Readable.from(writeEvidenceCsv(facts, origin, choice.separator)).map((part: string) =>
          Buffer.from(part),
        )
      : Readable.from(
          composeEvidencePdf(facts, {
            ...origin,
            title: 'Complaint pack',
            account,
            number: formatMsisdn(msisdn),
            fingerprint: computeFingerprint(facts),
          }),
        );
  return new Response(streamToWeb(file), { headers });
}
