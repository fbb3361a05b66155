'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { ProblemCallout } from '@/components/actions/problem-callout';
import type { ActionProblem } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { formatNumberOf } from '@/components/ui/format-count';
import { Spinner } from '@/components/ui/spinner';
import type { FileFormat, NumberListPurpose } from '@/lib/number-lists/schema';
import { FileChoice } from './file-choice';
import { FilePreview } from './file-preview';
import { Progress } from './progress';
import { uploadList } from './upload';
import { useInspection, type ChosenFile } from './use-inspection';

const words = {
  IMPORT: {
    button: 'Import as opt-outs',
    note: 'Each number is blocked from then on. No confirmation SMS is sent, and nothing on your list is lifted.',
  },
  CHECK: { button: 'Check the list', note: 'Your opt-outs stay as they are.' },
};

const nothingChosen: Partial<FileFormat> = {};

/** Choose or paste, look at what will be read, hand it in. */
export function ListUpload({ purpose }: { purpose: NumberListPurpose }) {
  const router = useRouter();
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [chosen, setChosen] = useState(nothingChosen);
  /** Of the upload: null when there is none. */
  const [sent, setSent] = useState<number | null>(null);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const [hasSessionEnded, setHasSessionEnded] = useState(false);
  const abort = useRef<() => void>(undefined);
  const inspection = useInspection(file, chosen);
  const isUploading = sent !== null;

  useEffect(() => {
    if (!isUploading) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isUploading]);

  function choose(next: ChosenFile | null) {
    setFile(next);
    setChosen(nothingChosen);
    setProblem(null);
  }

  async function upload(content: ChosenFile, format: FileFormat) {
    setSent(0);
    setProblem(null);
    const request = uploadList(purpose, content, format, setSent);
    abort.current = request.abort;
    const result = await request.result;
    if (result.ok) {
      // The progress stays until the list's page is there.
      router.push(`/messages/opt-outs/lists/${result.id}`);
    } else {
      setSent(null);
      setHasSessionEnded(result.hasSessionEnded === true);
      setProblem({
        message: result.problem,
        tryAgain: result.mayTryAgain ? () => void upload(content, format) : undefined,
      });
    }
  }

  if (!file) return <FileChoice onChosen={choose} />;
  if (inspection.state === 'refused') {
    return (
      <div className="grid gap-4">
        <Callout tone="bad" announce title={`“${file.name}” cannot be read`}>
          {inspection.problem}
        </Callout>
        <FileChoice onChosen={choose} />
      </div>
    );
  }
  return (
    <Card
      title={file.name}
      aside={
        inspection.state === 'ready' && (
          <span className="text-sm text-ink-faint tabular-nums">
            {formatNumberOf(inspection.lines, 'line')}
          </span>
        )
      }
    >
      <div className="grid gap-4 p-4">
        <ProblemCallout problem={problem}>
          {hasSessionEnded && (
            <ButtonLink size="small" href="/sign-in" target="_blank">
              Sign in
            </ButtonLink>
          )}
        </ProblemCallout>
        {inspection.state === 'reading' ? (
          <p role="status" className="flex items-center gap-2 py-8 text-sm text-ink-soft">
            <Spinner /> Looking into the file
          </p>
        ) : isUploading ? (
          <Sending sent={sent} onCancel={() => abort.current?.()} />
        ) : (
          <>
            <FilePreview
              preview={inspection.preview}
              // What has just been corrected is shown at once, before the file has been looked into again.
              format={
                inspection.isCurrent ? inspection.preview.format : { ...inspection.preview.format, ...chosen }
              }
              onCorrect={(change) => {
                setChosen({ ...inspection.preview.format, ...chosen, ...change });
                setProblem(null);
              }}
            />
            <div className="flex flex-wrap items-center gap-2 border-t border-line pt-4 max-sm:*:grow">
              <Button
                variant="primary"
                disabled={inspection.preview.numbers === 0 || !inspection.isCurrent}
                onClick={() => void upload(file, inspection.preview.format)}
              >
                {words[purpose].button}
              </Button>
              <Button onClick={() => choose(null)}>Choose another file</Button>
              <p className="text-xs text-pretty text-ink-faint sm:ml-2">{words[purpose].note}</p>
            </div>
          </>
        )}
      </div>
    </Card>
  );
}

function Sending({ sent, onCancel }: { sent: number; onCancel: () => void }) {
  const isSent = sent >= 1;
  return (
    <div className="grid gap-3 py-4">
      <p role="status" className="text-sm">
        {isSent ? 'Reading the numbers' : 'Sending the file'}
      </p>
      <Progress label={isSent ? 'Reading the numbers' : 'Sending the file'} value={isSent ? null : sent} />
      <div className="flex items-center justify-between gap-3">
        <p className="text-xs text-ink-faint tabular-nums">
          {isSent ? 'A million lines take some seconds.' : `${Math.floor(sent * 100)} %`}
        </p>
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  );
}
