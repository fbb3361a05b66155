/** `npm run build`: builds the pages, and bundles worker and scripts, if anything changed. */
import { buildIfChanged } from './build';
import { printFailure, runStage } from './stage.mjs';

try {
  const built = await runStage('Building the program', 'Program built', buildIfChanged);
  if (!built) console.log('  The program is built already.');
} catch (error) {
  printFailure(error);
  process.exit(1);
}
