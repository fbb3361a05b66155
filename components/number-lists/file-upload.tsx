'use client';

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { ProblemCallout } from '@/components/actions/problem-callout';
import type { ActionProblem } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Spinner } from '@/components/ui/spinner';
import type { Correction, Preview } from '@/lib/number-lists/file/inspect';
import type { FileFormat } from '@/lib/number-lists/schema';
import { FileChoice } from './file-choice';
import { FilePreview } from './file-preview';
import { Progress } from './progress';
import { SheetChoice } from './sheet-choice';
import type { SendFile } from './upload';
import { useInspection, type ChosenFile, type InspectionState } from './use-inspection';
import { useWorkbook, type WorkbookState } from './use-workbook';

const nothingCorrected: Correction = {};
/** Of a sheet of a workbook: how its CSV was written is known. */
const asWritten: Correction = { encoding: 'utf-8', separator: ',' };

interface FileUploadProps {
  /** Hands it in. */
  button: string;
  /** Beside it: what comes of that. */
  note: string;
  /** Numbers that it may have. */
  most: number;
  send: SendFile;
  /** @param id of what was kept; the progress stays until its page is there */
  onStored: (id: string) => void;
  /** What else is to be said of the file, above the button; it may be of what is seen of the file. */
  children?: ReactNode | ((preview: Preview) => ReactNode);
}

/** Choose or paste, look at what will be read, hand it in. */
export function FileUpload({ button, note, most, send, onStored, children }: FileUploadProps) {
  const [file, setFile] = useState<ChosenFile | null>(null);
  /** Of a workbook; null as long as the one that is proposed is right. */
  const [chosenSheet, setChosenSheet] = useState<number | null>(null);
  const workbook = useWorkbook(file);
  const sheet = chosenSheet ?? (workbook.state === 'ready' ? workbook.proposed : 0);
  const content = findContent(file, workbook, sheet);
  const [corrected, setCorrection] = useState<Correction | null>(null);
  const correction = corrected ?? (workbook.state === 'ready' ? asWritten : nothingCorrected);
  /** Of the columns; null as long as the one that is proposed is right. */
  const [chosen, setChosen] = useState<readonly number[] | null>(null);
  /** Of the upload: null when there is none. */
  const [sent, setSent] = useState<number | null>(null);
  const [problem, setProblem] = useState<ActionProblem | null>(null);
  const [hasSessionEnded, setHasSessionEnded] = useState(false);
  const abort = useRef<() => void>(undefined);
  const inspected = useInspection(content, correction);
  const inspection = workbook.state === 'refused' ? workbook : inspected;
  const isUploading = sent !== null;

  useEffect(() => {
    if (!isUploading) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isUploading]);

  function choose(next: ChosenFile | null) {
    setFile(next);
    chooseSheet(null);
  }

  function chooseSheet(next: number | null) {
    setChosenSheet(next);
    setCorrection(null);
    setChosen(null);
    setProblem(null);
  }

  async function upload(content: ChosenFile, format: FileFormat, preview: Preview) {
    setSent(0);
    setProblem(null);
    const request = send(content, format, setSent, preview);
    abort.current = request.abort;
    const result = await request.result;
    if (result.ok) {
      onStored(result.id);
    } else {
      setSent(null);
      setHasSessionEnded(result.hasSessionEnded === true);
      setProblem({
        message: result.problem,
        tryAgain: result.mayTryAgain ? () => void upload(content, format, preview) : undefined,
      });
    }
  }

  if (!file) return <FileChoice most={most} onChosen={choose} />;
  if (inspection.state === 'refused') {
    return (
      <div className="grid gap-4">
        <Callout tone="bad" announce title={`“${file.name}” cannot be read`}>
          {inspection.problem}
        </Callout>
        <FileChoice most={most} onChosen={choose} />
      </div>
    );
  }
  return (
    <Card
      title={file.name}
      aside={
        inspection.state === 'ready' && (
          <span className="text-sm text-ink-faint tabular-nums">
            {formatNumberOf(inspection.preview.lines, 'line')}
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
          <div className="flex flex-wrap items-center justify-between gap-3 py-6 text-sm text-ink-soft">
            <p role="status" className="flex items-center gap-2">
              <Spinner /> Looking into the file
            </p>
            <Button size="small" onClick={() => choose(null)}>
              Cancel
            </Button>
          </div>
        ) : isUploading ? (
          <Sending sent={sent} onCancel={() => abort.current?.()} />
        ) : (
          <>
            <FilePreview
              preview={inspection.preview}
              sheetChoice={
                workbook.state === 'ready' && (
                  <SheetChoice sheets={workbook.sheets} chosen={sheet} onChoose={chooseSheet} />
                )
              }
              // What has just been corrected is shown at once, before the file has been looked into again.
              format={composeFormat(inspection, correction, chosen)}
              onCorrect={(change) => {
                // What has not been corrected is found out anew: with another separator other rows name the
                // columns.
                setCorrection({ ...correction, ...change });
                setChosen(null);
                setProblem(null);
              }}
              onChoose={(columns) => {
                setChosen(columns);
                setProblem(null);
              }}
            />
            {typeof children === 'function'
              ? children({
                  ...inspection.preview,
                  format: composeFormat(inspection, correction, chosen),
                })
              : children}
            <UploadBar
              button={button}
              note={note}
              most={most}
              numbers={countChosen(inspection.preview, chosen)}
              isReady={inspection.isCurrent}
              onUpload={() => {
                const format = composeFormat(inspection, correction, chosen);
                void upload(content ?? file, format, { ...inspection.preview, format });
              }}
              onAnother={() => choose(null)}
            />
          </>
        )}
      </div>
    </Card>
  );
}

/** What is looked into and sent: the file, or the sheet of a workbook; null while that is not known. */
function findContent(file: ChosenFile | null, workbook: WorkbookState, sheet: number): ChosenFile | null {
  if (workbook.state === 'other') return file;
  return workbook.state === 'ready' ? (workbook.sheets[sheet]?.file ?? null) : null;
}

type Ready = Extract<InspectionState, { state: 'ready' }>;

function composeFormat(
  { preview, isCurrent }: Ready,
  correction: Correction,
  chosen: readonly number[] | null,
): FileFormat {
  const { format } = preview;
  return { ...format, ...(!isCurrent && correction), columns: chosen ?? format.columns };
}

function countChosen({ columns, format }: Preview, chosen: readonly number[] | null): number {
  return (chosen ?? format.columns).reduce((sum, column) => sum + (columns[column]?.numbers ?? 0), 0);
}

interface UploadBarProps {
  button: string;
  note: string;
  most: number;
  /** In the columns that are chosen. */
  numbers: number;
  isReady: boolean;
  onUpload: () => void;
  onAnother: () => void;
}

function UploadBar({ button, note, most, numbers, isReady, onUpload, onAnother }: UploadBarProps) {
  return (
    <div className="grid gap-3 border-t border-line pt-4">
      <p role="status" className="text-sm tabular-nums">
        {numbers > most
          ? `These columns hold ${formatCount(numbers)} numbers; a file may have ${formatCount(most)}. Choose fewer columns, or split the file.`
          : `${formatNumberOf(numbers, 'number')} will be read.`}
      </p>
      <div className="flex flex-wrap items-center gap-2 max-sm:*:grow">
        <Button variant="primary" disabled={numbers === 0 || numbers > most || !isReady} onClick={onUpload}>
          {button}
        </Button>
        <Button onClick={onAnother}>Choose another file</Button>
        <p className="text-xs text-pretty text-ink-faint sm:ml-2">{note}</p>
      </div>
    </div>
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
