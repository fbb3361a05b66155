import type { ComponentProps } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { RemovalRequestForm } from './removal-request-form';

export function NewRequestPage(props: ComponentProps<typeof RemovalRequestForm>) {
  return (
    <>
      <PageHeader
        title="Request removal"
        above={[{ href: '/removal-requests', label: 'Removal requests' }]}
        description="A recipient who opted out is asked once, by SMS. Only their own YES, approved by our staff, lifts the block."
      />
      {/* Another number, another form. */}
      <RemovalRequestForm key={props.initialNumber} {...props} />
    </>
  );
}
