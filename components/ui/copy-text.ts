import { showToast } from './toast';

/** Puts a text on the clipboard, or says why not. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Only there on https and localhost.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    showToast('Copying is not possible here. Select the text and copy it by hand.');
    return false;
  }
}
