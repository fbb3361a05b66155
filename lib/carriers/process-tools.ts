import 'server-only';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { getReceiptIntake } from '@/lib/messages/process-receipts';
import { getReplyIntake } from '@/lib/replies/process-intake';

/** What stands behind a carrier's door in this process, one of each. */
export function getDoorTools() {
  return { pool: getPool(), replies: getReplyIntake(), receipts: getReceiptIntake() };
}

/** Who calls a door that is a Next route: what is known of it before anything is read. */
export async function readCarrierHead(request: Request, context: { params: Promise<{ carrier: string }> }) {
  return {
    carrier: (await context.params).carrier,
    address: readVisitorAddress(request.headers.get('x-forwarded-for')),
    authorization: request.headers.get('authorization'),
  };
}
