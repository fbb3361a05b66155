import type { ComponentProps } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { MarketingNotice } from '@/components/registry/marketing-notice';
import { PhoneNumber } from '@/components/ui/phone-number';
import type { MarketerStanding } from '@/lib/registry/schema';
import { SendForm } from './send-form';

type SendPageProps = ComponentProps<typeof SendForm> & {
  /** Of a trial: the one number it writes to. */
  trialMsisdn: string | null;
  standing: MarketerStanding;
};

export function SendPage({ trialMsisdn, standing, ...props }: SendPageProps) {
  return (
    <>
      <PageHeader title="Send" description="One text to one number or to a thousand." />
      {trialMsisdn !== null && (
        <div className="mb-4">
          <Callout title="This is a trial account">
            It sends only to your own number, <PhoneNumber msisdn={trialMsisdn} />. Messages to others are
            blocked, and cost nothing. Ask us to make it a full account.
          </Callout>
        </div>
      )}
      <MarketingNotice standing={standing} />
      <SendForm {...props} />
    </>
  );
}
