/** Writes the generated half of clients/javascript: `npm run generate-client`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { composeClientSource, generatedFolder } from './client-source';

mkdirSync(generatedFolder, { recursive: true });
for (const [name, text] of Object.entries(await composeClientSource())) {
  writeFileSync(path.join(generatedFolder, name), text);
}
// A line for whoever runs it.
console.log(`Written: ${generatedFolder}`);
