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
}

/** Downloads what the list shows: all of it, or what the search in the URL has narrowed it to. */
export function DownloadButton({ path, fileName, contents, noun }: DownloadButtonProps) {
  const [state, setState] = useState({ openings: 0, isOpen: false });
  const search = useSearchParams().get('q');

  return (
    <>
      <Button
        aria-haspopup="dialog"
        onPointerEnter={() => void loadDialog()}
        onFocus={() => void loadDialog()}
        onClick={() => setState({ openings: state.openings + 1, isOpen: true })}
      >
        <Download aria-hidden="true" className="size-4" />
        Download Messages
      </Button>
      {state.openings > 0 && (
        <Suspense>
          <DownloadDialog
            key={state.openings}
            open={state.isOpen}
            onClose={() => setState({ ...state, isOpen: false })}
            contents={search ? `${noun} that match “${search}”` : contents}
            fileName={fileName}
            getHref={(separator) =>
              `${path}?${new URLSearchParams({ separator, ...(search && { q: search }) })}`
            }
          />
        </Suspense>
      )}
    </>
  );
}
