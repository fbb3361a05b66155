'use client';

import { Download } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { loadAhead, useLate } from '@/components/ui/late';
import type { ListView } from '@/lib/lists/schema';

// Most visits download nothing: the dialog is fetched when the button is first reached.
const loadDialog = () => import('./download-dialog');

export interface DownloadButtonProps {
  /** "/api/downloads/auto-opt-outs" */
  path: string;
  /** Without its ending. */
  fileName: string;
  /** What the file holds when the list is not narrowed: "1 204 opt-outs". */
  contents: string;
  /** The same for a search: "Opt-outs". */
  noun: string;
  /** What the button and its dialog are called. */
  label?: string;
  list: ListView;
  /**
   * Parameters of the page's URL whose value does not exist: the page is shown without them, the file made
   * without them.
   */
  ignored?: readonly string[];
}

/** Downloads a list as a file: what it shows, or all of it. */
export function DownloadButton({
  path,
  ignored,
  label = 'Download Messages',
  ...about
}: DownloadButtonProps) {
  const [state, setState] = useState({ openings: 0, isOpen: false });
  const parameters = useSearchParams();
  const dialog = useLate(loadDialog);

  return (
    <>
      <Button
        aria-haspopup="dialog"
        pending={dialog.isPending}
        onPointerEnter={() => loadAhead(loadDialog)}
        onFocus={() => loadAhead(loadDialog)}
        onClick={() =>
          dialog.request(() => setState(({ openings }) => ({ openings: openings + 1, isOpen: true })))
        }
      >
        <Download aria-hidden="true" className="size-4" />
        {label}
      </Button>
      {dialog.module && state.openings > 0 && (
        <dialog.module.DownloadDialog
          key={state.openings}
          {...about}
          open={state.isOpen}
          onClose={() => setState({ ...state, isOpen: false })}
          title={label}
          path={path}
          shown={[...parameters].filter(([name]) => !ignored?.includes(name))}
        />
      )}
    </>
  );
}
