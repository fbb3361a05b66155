import type { ApiKeyRow } from '@/lib/api-keys/schema';
import type { RotateKey } from './actions';
import { RotateSecretDialog } from './rotate-secret-dialog';

interface RotateDialogProps {
  /** As it was when the dialog was opened. */
  apiKey: ApiKeyRow;
  open: boolean;
  onClose: () => void;
  rotate: RotateKey;
}

const overlaps = {
  0: 'Stops at once',
  1: 'Works for another hour',
  24: 'Works for another day',
  168: 'Works for another week',
};

/** A new secret for a key, and how long the old one goes on. */
export function RotateDialog({ apiKey, ...rest }: RotateDialogProps) {
  return (
    <RotateSecretDialog
      of={apiKey}
      words={{
        title: `New secret for “${apiKey.name}”`,
        description: 'Name, permissions and addresses stay. Give it to your program while both work.',
        doneTitle: 'Your new secret',
        undone: `“${apiKey.name}” has its old secret still.`,
        overlap: 'The old secret',
        overlaps,
      }}
      {...rest}
    />
  );
}
