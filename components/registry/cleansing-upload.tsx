'use client';

import { useRouter } from 'next/navigation';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { FileUpload } from '@/components/number-lists/file-upload';
import { uploadCleansing } from '@/components/number-lists/upload';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { maxAnswerNumbers } from '@/lib/registry/schema';

export type ReportNobody = ServerAction<[input: { answeredOn: string }], { ok: true; id: string }>;

const words = {
  undone: 'Nothing was kept.',
  unsure: 'We do not know whether it was kept; if it was, it is under the answers below.',
};

/** The registry's answer: who of them is on it. */
export function CleansingUpload({ today, reportNobody }: { today: string; reportNobody: ReportNobody }) {
  const router = useRouter();
  const draft = useDraft('cleansing', { day: today });
  const { day } = draft.value;
  const { run, isPending, problem, fieldProblems, clear } = useAction(words, ['answeredOn']);
  const open = (id: string) => {
    draft.clear();
    router.push(`/messages/cleansing/${id}`);
  };

  return (
    <section aria-labelledby="answer" className="grid gap-3">
      <div>
        <h2 id="answer" className="text-base font-semibold">
          2. Hand in the answer
        </h2>
        <p className="max-w-prose text-sm text-pretty text-ink-soft">
          The file that came back: the numbers that are on the registry. It is compared with your last answer
          first, and counts once you have put it in force.
        </p>
      </div>
      <div className="sm:max-w-64">
        <Field
          label="Day of the answer"
          hint="As of which the registry was asked."
          error={fieldProblems.answeredOn}
        >
          {(control) => (
            <Input
              {...control}
              name="answeredOn"
              type="date"
              max={today}
              value={day}
              onChange={(event) => {
                clear();
                draft.change({ day: event.target.value });
              }}
            />
          )}
        </Field>
      </div>
      <FileUpload
        button="Compare the answer"
        note="Nothing changes yet: you see who came and who left first."
        most={maxAnswerNumbers}
        send={(file, format, onProgress) => uploadCleansing(day, file, format, onProgress)}
        onStored={open}
      />
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button
          pending={isPending}
          onClick={() => run(prepareCall(reportNobody, { answeredOn: day }), ({ id }) => void open(id))}
        >
          Nobody is on the registry
        </Button>
        <p className="text-xs text-ink-faint">An answer without a number needs no file.</p>
      </div>
    </section>
  );
}
