/** Writes the demo into an empty database, and who can sign in to it into the file given. */
import { writeFile } from 'node:fs/promises';
import { closeDatabase, getDatabase } from '@/lib/db/client';
import { demoSignIns, seedDemo } from '@/prisma/seed';

const [file] = process.argv.slice(2);
await seedDemo(getDatabase());
await closeDatabase();
if (file) await writeFile(file, JSON.stringify(demoSignIns, null, 2), { mode: 0o600 });
