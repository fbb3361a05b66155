import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { formatNumberOf } from '@/components/ui/format-count';
import { formatDay } from '@/lib/registry/labels';
import { findMarketingWarning, type MarketerStanding } from '@/lib/registry/schema';

/** What stops the account's marketing, or will soon; nothing when nothing does. */
export function MarketingNotice({ standing }: { standing: MarketerStanding }) {
  const notice = composeNotice(standing);
  if (!notice) return null;
  return (
    <div className="mb-4">
      <Callout tone={notice.tone} title={notice.title}>
        <p>{notice.text}</p>
        <div className="mt-2">
          <ButtonLink size="small" href={notice.href}>
            {notice.label}
          </ButtonLink>
        </div>
      </Callout>
    </div>
  );
}

const cleanse = { href: '/messages/cleansing', label: 'Cleanse your lists' };
const register = { href: '/settings#registration', label: 'Enter the registration' };

function composeNotice(
  standing: MarketerStanding,
): { tone: 'bad' | 'warn'; title: string; text: ReactNode; href: string; label: string } | null {
  const { stop, cleansedOn, age, mostDays, registrationEndsOn } = standing;
  const stopped = { tone: 'bad', title: 'Your marketing is stopped' } as const;
  if (stop === 'REGISTRATION') {
    const why =
      registrationEndsOn === null
        ? 'Your provider sends marketing of registered direct marketers only, and no registration was entered.'
        : `Your registration as a direct marketer ended on ${formatDay(registrationEndsOn)}.`;
    return { ...stopped, ...register, text: `${why} Service messages still go out.` };
  }
  if (stop === 'CLEANSING') {
    const why =
      cleansedOn === null
        ? 'Your lists have not been cleansed against the national opt-out registry.'
        : `Your last cleansing against the national opt-out registry is of ${formatDay(cleansedOn)}: it may be ${mostDays} days old.`;
    return { ...stopped, ...cleanse, text: `${why} Service messages still go out.` };
  }
  const warning = findMarketingWarning(standing);
  if (warning === 'REGISTRATION' && registrationEndsOn !== null) {
    return {
      tone: 'warn',
      title: 'Your registration ends soon',
      text: `It ends on ${formatDay(registrationEndsOn)}. Marketing that leaves after that day is blocked, also what is scheduled now.`,
      ...register,
    };
  }
  if (warning === 'CLEANSING' && cleansedOn !== null) {
    const days = mostDays - (age ?? 0);
    return {
      tone: 'warn',
      title: 'Cleanse your lists soon',
      text: `Your last cleansing is of ${formatDay(cleansedOn)}. Marketing that leaves ${
        days <= 0 ? 'after today' : `more than ${formatNumberOf(days, 'day')} from now`
      } is blocked without a newer one, also what is scheduled now.`,
      ...cleanse,
    };
  }
  return null;
}
