'use client';

import { useRouter } from 'next/navigation';
import { maxFileLines, type NumberListPurpose } from '@/lib/number-lists/schema';
import { FileUpload } from './file-upload';
import { uploadList } from './upload';

const words = {
  IMPORT: {
    button: 'Import as opt-outs',
    note: 'Each number is blocked from then on. No confirmation SMS is sent, and nothing on your list is lifted.',
  },
  CHECK: { button: 'Check the list', note: 'Your opt-outs stay as they are.' },
};

/** A list of numbers to import or to check. */
export function ListUpload({ purpose }: { purpose: Exclude<NumberListPurpose, 'CONSENT'> }) {
  const router = useRouter();
  return (
    <FileUpload
      {...words[purpose]}
      most={maxFileLines}
      send={(file, format, onProgress) => uploadList(purpose, file, format, onProgress)}
      onStored={(id) => router.push(`/messages/opt-outs/lists/${id}`)}
    />
  );
}
