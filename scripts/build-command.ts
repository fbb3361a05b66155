/** `npm run build`: builds the pages if anything changed. */
import { buildIfChanged } from './build';
import { printFailure, runStage } from './stage.mjs';

try {
  const built = await runStage('Building the pages', 'Pages built', buildIfChanged);
  if (!built) console.log('  The pages are built already.');
} catch (error) {
  printFailure(error);
  process.exit(1);
}
