import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { CopyButton } from './copy-button';

/** A number as people read it: "+27 82 123 4567". */
export function PhoneNumber({ msisdn }: { msisdn: string }) {
  return <span className="phone-number">{formatMsisdn(msisdn)}</span>;
}

export function CopyablePhoneNumber({ msisdn }: { msisdn: string }) {
  const text = formatMsisdn(msisdn);
  return (
    <span className="-my-1.5 flex items-center gap-1 max-sm:-my-2.5">
      <span className="whitespace-nowrap tabular-nums">{text}</span>
      <CopyButton text={text} label="Copy the number" />
    </span>
  );
}
