/**
 * The demo: three customers of the provider and seven months of their messages, replies and opt-outs. The
 * start command seeds an empty database with it; prisma/seed/compose-demo.ts tells the story.
 */
import type { Database } from '@/lib/db/client';
import { composeDemo } from './seed/compose-demo';
import { writeDemo } from './seed/write-demo';

export { demoSignIns } from './seed/cast';

/** Fills an empty database with the demo, up to `now`. A database that has accounts is left as it is. */
export async function seedDemo(db: Database, now = new Date()): Promise<void> {
  await writeDemo(db.pool, composeDemo(now), now);
}
