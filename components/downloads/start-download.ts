import { withShownAccount } from '@/components/actions/shown-account';
import { showToast } from '@/components/ui/toast';

/**
 * Leaves a file to the browser, which shows its progress and its failures best; but first asks whether there
 * is a place for it, as of a file that does not come browsers say no more than "failed".
 *
 * A link that is pressed, not a change of address: an answer that is no file must not replace the page.
 *
 * @param path with its query
 */
export async function startDownload(path: string, fileName: string): Promise<void> {
  const href = withShownAccount(path);
  const problem = await findProblem(href);
  if (problem !== null) {
    showToast(problem, { label: 'Try again', run: () => void startDownload(path, fileName) });
    return;
  }
  const link = document.createElement('a');
  link.href = href;
  link.download = fileName;
  link.click();
  showToast('Download started');
}

/** In words; null when there is none. */
async function findProblem(href: string): Promise<string | null> {
  try {
    const answer = await fetch(`${href}&try=1`);
    if (answer.status === 204) return null;
    if (answer.status === 401 || answer.redirected) return 'You are signed out. Reload the page and sign in.';
    const { title, detail } = (await answer.json()) as { title?: string; detail?: string };
    return detail ?? title ?? 'The file could not be made. Try again in a minute.';
  } catch {
    return 'The server could not be reached.';
  }
}
