import 'server-only';
import { getPool } from '@/lib/db/client';
import { createReplyIntake, type ReplyIntake } from './intake';

const kept = globalThis as typeof globalThis & { clientZoneReplyIntake?: ReplyIntake };

/** The intake of this web process: all its requests gather in one. */
export function getReplyIntake(): ReplyIntake {
  return (kept.clientZoneReplyIntake ??= createReplyIntake(getPool()));
}
