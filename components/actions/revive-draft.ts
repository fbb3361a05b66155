/** What a form holds: a text, or named texts and ticks. */
export type DraftValue = string | Readonly<Record<string, string | boolean>>;

/**
 * A draft as it was written down, perhaps by an older version of its form: what that had and this one has not
 * is left out, and what is new stands at its beginning. Null when nothing of it can be used.
 */
export function reviveDraft<Value extends DraftValue>(written: string, initial: Value): Value | null {
  let draft: unknown;
  try {
    draft = JSON.parse(written);
  } catch {
    return null;
  }
  if (typeof initial === 'string') return typeof draft === 'string' ? (draft as Value) : null;
  if (typeof draft !== 'object' || draft === null) return null;
  const fields = new Map(Object.entries(draft));
  return Object.fromEntries(
    Object.entries(initial).map(([name, value]) => {
      const kept: unknown = fields.get(name);
      return [name, typeof kept === typeof value ? kept : value];
    }),
  ) as Value;
}
