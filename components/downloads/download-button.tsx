'use client';

import { Download } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { lazy, Suspense, useState } from 'react';
import { Button } from '@/components/ui/button';

// Most visits download nothing: the dialog is fetched when the button is first reached.
const loadDialog = () => import('./download-dialog');
const DownloadDialog = lazy(async () => ({ default: (await loadDialog()).DownloadDialog }));

interface DownloadButtonProps {
  /** "/api/downloads/auto-opt-outs" */
  path: string;
  fileName: string;
  /** What the file holds when nothing is searched for: "1 204 opt-outs". */
  contents: string;
  /** The same for a search: "Opt-outs". */
  noun: string;
  /** Parameters of the URL that narrow the list too, beside the search. */
  filters?: readonly string[];
  label?: string;
}

const noFilters: readonly string[] = [];

/** Downloads what the list shows: all of it, or what the search in the URL has narrowed it to. */
export function DownloadButton({
  path,
  fileName,
  contents,
  noun,
  filters = noFilters,
  label = 'Download Messages',
}: DownloadButtonProps) {
  const [state, setState] = useState({ openings: 0, isOpen: false });
  const parameters = useSearchParams();
  const search = parameters.get('q');
  const narrowing = [...parameters].filter(
    ([name, value]) => value !== '' && (name === 'q' || filters.includes(name)),
  );
  const isFiltered = narrowing.some(([name]) => name !== 'q');

  return (
    <>
      <Button
        aria-haspopup="dialog"
        onPointerEnter={() => void loadDialog()}
        onFocus={() => void loadDialog()}
        onClick={() => setState({ openings: state.openings + 1, isOpen: true })}
      >
        <Download aria-hidden="true" className="size-4" />
        {label}
      </Button>
      {state.openings > 0 && (
        <Suspense>
          <DownloadDialog
            key={state.openings}
            open={state.isOpen}
            onClose={() => setState({ ...state, isOpen: false })}
            title={label}
            contents={
              isFiltered
                ? `${noun} that match the filters`
                : search
                  ? `${noun} that match “${search}”`
                  : contents
            }
            fileName={fileName}
            getHref={(separator) =>
              `${path}?${new URLSearchParams([['separator', separator], ...narrowing])}`
            }
          />
        </Suspense>
      )}
    </>
  );
}
