import { Chapter, To } from '@/components/help/prose';
import type { ShownProblem } from '@/lib/api-v2/schema';
import { DocsShell } from './docs-shell';

/** What each problem of the API means; its `type` leads here. */
export function ProblemsPage({ problems }: { problems: readonly ShownProblem[] }) {
  return (
    <DocsShell title="Problems of the API">
      <p className="mb-6 text-ink-soft">
        An answer that is not what was asked for says why in a problem body (RFC 9457). Its type is the
        address of one of these and never changes; its detail is for people. Back to{' '}
        <To href="/docs/api">the API</To>.
      </p>
      {problems.map(({ code, status, title, advice }) => (
        <Chapter key={code} id={code} title={title}>
          <p>
            <code className="text-sm text-ink">{code}</code>, status {status}
          </p>
          <p>{advice}</p>
        </Chapter>
      ))}
    </DocsShell>
  );
}
