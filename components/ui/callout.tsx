import { clsx } from 'clsx';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const looks = {
  info: { icon: Info, className: 'bg-info-soft text-info-text' },
  good: { icon: CircleCheck, className: 'bg-good-soft text-good-text' },
  warn: { icon: TriangleAlert, className: 'bg-warn-soft text-warn-text' },
  bad: { icon: CircleAlert, className: 'bg-bad-soft text-bad-text' },
};

interface CalloutProps {
  tone?: keyof typeof looks;
  title?: string;
  children?: ReactNode;
  /** Read out as soon as it appears. */
  announce?: boolean;
}

export function Callout({ tone = 'info', title, children, announce = false }: CalloutProps) {
  const { icon: Icon, className } = looks[tone];
  return (
    <div
      role={announce ? (tone === 'bad' ? 'alert' : 'status') : undefined}
      className={clsx('flex gap-2.5 rounded-md px-3.5 py-3 text-sm', className)}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0 space-y-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div>{children}</div>}
      </div>
    </div>
  );
}
