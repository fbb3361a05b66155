'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { FileUpload } from '@/components/number-lists/file-upload';
import { uploadAnswer } from '@/components/number-lists/upload';
import { Field, Input } from '@/components/ui/field';
import { maxAnswerNumbers } from '@/lib/registry/schema';

/** An answer file of the Commission, with what it is. */
export function AnswerUpload({ today }: { today: string }) {
  const router = useRouter();
  const [said, setSaid] = useState({
    answeredOn: today,
    source: 'National Consumer Commission',
    account: '',
  });
  const bind = (name: keyof typeof said) => ({
    name,
    value: said[name],
    onChange: (event: { target: { value: string } }) => setSaid({ ...said, [name]: event.target.value }),
  });
  return (
    <FileUpload
      button="Compare the answer"
      note="Nothing changes yet: you see the difference first."
      most={maxAnswerNumbers}
      send={(file, format, onProgress) => uploadAnswer(said, file, format, onProgress)}
      onStored={(id) => router.push(`/admin/registry/${id}`)}
    >
      <div className="grid items-start gap-3 border-t border-line pt-4 sm:grid-cols-3">
        <Field label="Day of the answer">
          {(control) => <Input {...control} {...bind('answeredOn')} type="date" max={today} />}
        </Field>
        <Field label="Where it is from">
          {(control) => <Input {...control} {...bind('source')} maxLength={200} />}
        </Field>
        <Field label="For one account" hint="Empty: entries for the whole industry.">
          {(control) => (
            <Input {...control} {...bind('account')} placeholder="W58324" maxLength={10} autoComplete="off" />
          )}
        </Field>
      </div>
    </FileUpload>
  );
}
