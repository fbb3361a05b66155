import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { formatMsisdn } from '@/lib/sms/msisdn-za';

interface RemovalRequestPageProps {
  /** "W58324" */
  accountNumber: string;
  /** The number that is to be removed, when it is known. */
  msisdn: string | null;
}

const steps = [
  {
    title: 'You ask us',
    text: 'You tell us the number, and permit us to send the recipient one SMS in your name.',
  },
  {
    title: 'We ask the recipient',
    text: 'Once, by SMS, at a lawful hour: do they want messages from you again? Answering is free.',
  },
  {
    title: 'The recipient decides',
    text: 'Only a YES lifts the block, after our staff have checked it. A NO, or no answer within seven days, leaves it in force.',
  },
  { title: 'We tell you', text: 'Until then messages to the number stay blocked, and cost nothing.' },
];

/** How the removal of a reply-made opt-out works, and whom to ask for it. */
export function RemovalRequestPage({ accountNumber, msisdn }: RemovalRequestPageProps) {
  const facts = [
    { name: 'Account', value: accountNumber },
    ...(msisdn ? [{ name: 'Number', value: formatMsisdn(msisdn) }] : []),
  ];
  return (
    <>
      <PageHeader
        title="Request removal"
        above={[
          { href: '/messages', label: 'Message Logs' },
          { href: '/messages/opt-outs', label: 'Auto Opt-Outs' },
        ]}
        description="A recipient who opted out by a reply is the only one who can lift the block."
      />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Card title="How removal works">
          <ol className="divide-y divide-line">
            {steps.map(({ title, text }, index) => (
              <li key={title} className="flex gap-3.5 px-4 py-3.5">
                <span
                  aria-hidden="true"
                  className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-xs font-semibold text-accent-text tabular-nums"
                >
                  {index + 1}
                </span>
                <div>
                  <p className="font-medium">{title}</p>
                  <p className="mt-0.5 text-sm text-pretty text-ink-soft">{text}</p>
                </div>
              </li>
            ))}
          </ol>
        </Card>
        <Card title="Ask us">
          <div className="grid gap-3 px-4 py-3.5 text-sm">
            <p className="text-pretty text-ink-soft">
              A form for this is on its way. Until it is here, contact our support and give them:
            </p>
            <dl className="divide-y divide-line rounded-md border border-line">
              {facts.map(({ name, value }) => (
                <div key={name} className="flex items-center gap-3 py-1 pr-1 pl-3">
                  <dt className="w-16 shrink-0 text-ink-faint">{name}</dt>
                  <dd className="flex min-w-0 grow items-center justify-between gap-2 font-medium tabular-nums">
                    {value}
                    <CopyButton text={value} label={`Copy the ${name.toLowerCase()}`} />
                  </dd>
                </div>
              ))}
            </dl>
            <p className="text-pretty text-ink-soft">
              Say too that you permit the one SMS. Please do not write to the recipient in any other way about
              it.
            </p>
            {msisdn && (
              <ButtonLink href={`/messages/opt-outs/${msisdn}`} className="justify-self-start">
                Story of this number
              </ButtonLink>
            )}
          </div>
        </Card>
      </div>
    </>
  );
}
