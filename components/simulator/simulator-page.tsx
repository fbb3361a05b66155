import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { Brand } from '@/components/shell/brand';
import { Badge } from '@/components/ui/badge';
import { Link } from '@/components/ui/link';
import { Simulator } from './simulator';
import type { SimulatorActions, SimulatorPhone } from './types';

interface SimulatorPageProps extends SimulatorActions {
  phones: readonly SimulatorPhone[];
  timeZone: string;
  /** Where the e-mails are, in a demo without a mail server. */
  mailHref?: string | undefined;
}

export function SimulatorPage({ mailHref, ...props }: SimulatorPageProps) {
  return (
    <div className="flex h-dvh flex-col">
      <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line px-4">
        <Link href="/" aria-label="Client Zone, home" className="flex rounded-md">
          <Brand />
        </Link>
        <Badge tone="accent">Simulator</Badge>
        {mailHref !== undefined && (
          <Link
            href={mailHref}
            className="ml-auto rounded-sm text-sm text-accent-text underline underline-offset-4"
          >
            E-mails
          </Link>
        )}
      </header>
      {/* Here alone: every other page would be sent with it. */}
      <NuqsAdapter>
        <Simulator {...props} />
      </NuqsAdapter>
    </div>
  );
}
