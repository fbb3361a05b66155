import type { ReactNode } from 'react';
import { ProblemCallout } from '@/components/actions/problem-callout';
import type { ActionProblem } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';

interface SectionProps {
  id: string;
  title: string;
  /** What it is about, in a sentence or two. */
  description: ReactNode;
  children: ReactNode;
}

/** One setting: what it is at the left, the form at the right. */
export function Section({ id, title, description, children }: SectionProps) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="grid scroll-mt-20 gap-x-8 gap-y-3 border-t border-line py-7 lg:grid-cols-[17rem_minmax(0,1fr)]"
    >
      <div className="max-w-prose">
        <h2 id={`${id}-title`} className="text-base font-semibold">
          {title}
        </h2>
        <div className="mt-1 space-y-2 text-sm text-pretty text-ink-soft">{description}</div>
      </div>
      <div className="min-w-0 rounded-lg border border-line bg-surface">{children}</div>
    </section>
  );
}

interface SaveBarProps {
  isChanged: boolean;
  isPending: boolean;
  problem: ActionProblem | null;
  onUndo: () => void;
}

/** Below the form of a section: saves it, says that it is not saved yet, and why it was not. */
export function SaveBar({ isChanged, isPending, problem, onUndo }: SaveBarProps) {
  return (
    <div className="grid gap-3 border-t border-line px-4 py-3 sm:px-5">
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        <p role="status" className="mr-auto text-sm text-ink-faint">
          {isChanged ? 'Not saved yet' : 'Saved'}
        </p>
        {isChanged && !isPending && (
          <Button variant="quiet" onClick={onUndo}>
            Undo changes
          </Button>
        )}
        <Button type="submit" variant="primary" disabled={!isChanged && !isPending} pending={isPending}>
          Save
        </Button>
      </div>
    </div>
  );
}
