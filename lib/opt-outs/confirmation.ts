/**
 * The one confirmation SMS: what a recipient reads once opted out. It names the account and carries no
 * marketing. The customer's own text is used when there is one.
 */
export function composeConfirmation(account: { name: string; confirmationText: string | null }): string {
  return (
    account.confirmationText ??
    `You have been opted out and will receive no further SMSs from ${account.name}.`
  );
}
