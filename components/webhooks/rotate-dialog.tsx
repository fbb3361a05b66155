import { RotateSecretDialog } from '@/components/api-keys/rotate-secret-dialog';
import type { WebhookRow } from '@/lib/webhooks/schema';
import type { RotateWebhook } from './actions';

interface RotateDialogProps {
  /** As it was when the dialog was opened. */
  webhook: WebhookRow;
  open: boolean;
  onClose: () => void;
  rotate: RotateWebhook;
}

const words = {
  title: 'New secret for the webhook',
  description: 'Give it to your program while deliveries are signed with both.',
  doneTitle: 'The new secret',
  copyLabel: 'Copy the secret',
  undone: 'The webhook has its old secret still.',
  overlap: 'Sign with the old secret too',
  overlaps: { 0: 'Not at all', 1: 'For another hour', 24: 'For another day', 168: 'For another week' },
};

/** A new secret for a webhook, and how long deliveries are signed with the old one too. */
export function RotateDialog({ webhook, ...rest }: RotateDialogProps) {
  return <RotateSecretDialog of={webhook} words={words} {...rest} />;
}
