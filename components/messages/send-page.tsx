import type { ComponentProps } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { SendForm } from './send-form';

export function SendPage(props: ComponentProps<typeof SendForm>) {
  return (
    <>
      <PageHeader title="Send" description="One text to one number or to a thousand." />
      <SendForm {...props} />
    </>
  );
}
