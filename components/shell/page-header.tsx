import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from '@/components/ui/link';

interface PageHeaderProps {
  title: string;
  /** The pages above this one, outermost first. */
  above?: readonly { href: string; label: string }[];
  /** Beside the title: a count, an indicator. */
  aside?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
}

export function PageHeader({ title, above = [], aside, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 grow basis-96">
        {above.length > 0 && (
          <nav aria-label="Breadcrumb" className="mb-1">
            <ol className="flex items-center gap-1 text-sm text-ink-faint">
              {above.map((page) => (
                <li key={page.href} className="flex items-center gap-1">
                  <Link
                    href={page.href}
                    className="rounded-sm underline-offset-4 hover:text-ink hover:underline"
                  >
                    {page.label}
                  </Link>
                  <ChevronRight aria-hidden="true" className="size-3.5" />
                </li>
              ))}
              <li aria-current="page">{title}</li>
            </ol>
          </nav>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-xl font-semibold">{title}</h1>
          {aside}
        </div>
        {description && <p className="mt-0.5 text-sm text-pretty text-ink-soft">{description}</p>}
      </div>
      {actions && (
        <div className="flex flex-wrap items-center gap-2 max-sm:w-full max-sm:*:grow">{actions}</div>
      )}
    </header>
  );
}
