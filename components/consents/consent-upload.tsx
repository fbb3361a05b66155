'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { FileUpload } from '@/components/number-lists/file-upload';
import { uploadConsents } from '@/components/number-lists/upload';
import { maxFileLines } from '@/lib/number-lists/schema';
import { ConsentFields, composeTypedConsent } from './consent-fields';

const nothingWrong = {};

/** A file of numbers that have all consented in one way. */
export function ConsentUpload({ today }: { today: string }) {
  const router = useRouter();
  const [value, setValue] = useState(composeTypedConsent(today));
  return (
    <FileUpload
      button="Record these consents"
      note="Blocks stay as they are, and whoever has opted out since is left out."
      most={maxFileLines}
      send={(file, format, onProgress) => uploadConsents(value, file, format, onProgress)}
      onStored={(id) => router.push(`/messages/opt-outs/lists/${id}`)}
    >
      <div className="grid gap-4 border-t border-line pt-4">
        <p className="text-sm text-ink-soft">All numbers of this file consented so:</p>
        <ConsentFields
          value={value}
          onChange={(change) => setValue({ ...value, ...change })}
          problems={nothingWrong}
          today={today}
        />
      </div>
    </FileUpload>
  );
}
