import { Card } from '@/components/ui/card';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { fewestForRate, type TextRate, type TextRateOfAccount } from '@/lib/home/schema';
import { formatRate } from './chart-series';

interface TextRatesProps {
  /** Of one account, or of all with whose they are. */
  textRates: readonly (TextRate | TextRateOfAccount)[];
  /** Earlier days are not counted yet, so that a text may be missing. */
  isPartial: boolean;
  /** The days that they are of. */
  period?: string;
}

/** Which texts made people opt out, the worst first. */
export function TextRates({ textRates, isPartial, period = 'the last 30 days' }: TextRatesProps) {
  return (
    <Card
      title="Opt-outs by message text"
      className="min-w-0"
      aside={<Aside>{period.replace(/^the l/, 'L')}</Aside>}
    >
      {textRates.length === 0 ? (
        <p className="px-4 py-10 text-center text-sm text-pretty text-ink-soft">
          {isPartial
            ? 'Earlier days are being counted; this fills in by itself.'
            : `No text of ${period} that was delivered ${fewestForRate} times or more has led to an opt-out.`}
        </p>
      ) : (
        <table className="w-full text-sm">
          <caption className="sr-only">
            Messages of {period} by their text, with the opt-outs that answered them, the highest rate first
          </caption>
          <thead className="text-xs text-ink-faint">
            <tr className="border-b border-line">
              <th scope="col" className="px-4 py-2 text-left font-medium">
                Text
              </th>
              <th scope="col" className="px-2 py-2 text-right font-medium whitespace-nowrap max-sm:hidden">
                Sent
              </th>
              <th scope="col" className="px-2 py-2 text-right font-medium whitespace-nowrap max-sm:hidden">
                Opt-outs
              </th>
              <th
                scope="col"
                className="py-2 pr-4 pl-2 text-right font-medium whitespace-nowrap"
                data-tip="Opt-outs for every 100 messages delivered"
              >
                Per 100
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {textRates.map((rate) => {
              const { text, messages, delivered, optOuts } = rate;
              return (
                <tr key={'accountId' in rate ? `${rate.accountId} ${text}` : text}>
                  <td className="px-4 py-2.5">
                    <p className="line-clamp-2 wrap-anywhere">{text}</p>
                    {'accountId' in rate && (
                      <p className="mt-0.5 text-xs wrap-anywhere">
                        <Link
                          href={`/admin/accounts/${rate.accountId}`}
                          className="text-accent-text underline-offset-4 hover:underline"
                        >
                          {rate.accountName}
                        </Link>
                      </p>
                    )}
                    <p className="mt-0.5 text-xs text-ink-faint sm:hidden">
                      {formatCount(messages)} sent, {formatNumberOf(optOuts, 'opt-out')}
                    </p>
                  </td>
                  <td className="px-2 py-2.5 text-right align-top tabular-nums max-sm:hidden">
                    {formatCount(messages)}
                  </td>
                  <td className="px-2 py-2.5 text-right align-top tabular-nums max-sm:hidden">
                    {formatCount(optOuts)}
                  </td>
                  <td className="py-2.5 pr-4 pl-2 text-right align-top font-semibold tabular-nums">
                    {formatRate((optOuts / delivered) * 100)}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Card>
  );
}

function Aside({ children }: { children: string }) {
  return <span className="text-xs text-ink-faint">{children}</span>;
}
