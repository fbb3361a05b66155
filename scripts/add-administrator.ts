/**
 * `npm run add-administrator -- "Lindiwe Dube" lindiwe@provider.example lindiwe`: the first member of the
 * provider's staff, who adds the others. Run by scripts/part.ts, which finds database and secrets.
 */
import { z } from 'zod';
import { closeDatabase, getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { typedEmail, typedUsername } from '@/lib/people/registration';
import { addFirstAdministrator } from '@/lib/people/staff-member-commands';

const form = z.object({
  name: z.string().trim().min(1, 'Enter a name.').max(80),
  email: typedEmail,
  username: typedUsername,
});

const [name = '', email = '', username = ''] = process.argv.slice(2);
const read = form.safeParse({ name, email, username });
if (read.success) {
  const added = await addFirstAdministrator(getPool(), read.data);
  await closeDatabase();
  if (added.ok) {
    console.log(
      `${read.data.username} is an administrator of the staff. Within 30 minutes, choose a password at`,
    );
    console.log(`  ${env.APP_URL}${added.path}`);
  } else {
    console.error(added.message);
    process.exitCode = 1;
  }
} else {
  console.error(`Usage: npm run add-administrator -- "NAME" E-MAIL USERNAME`);
  for (const { message } of read.error.issues) console.error(`  ${message}`);
  process.exitCode = 1;
}
