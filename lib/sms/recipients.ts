/**
 * Splits what a person typed or pasted into single numbers, as typed: one to a line, or separated by commas,
 * semicolons or tabs. Spaces stay: "082 123 4567" is one number.
 */
export function splitRecipients(typed: string): string[] {
  return typed
    .split(/[\n\r,;\t]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
