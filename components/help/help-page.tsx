import { separatorChoices } from '@/components/downloads/separator';
import { VerdictBadge } from '@/components/messages/verdict-badge';
import { PageHeader } from '@/components/shell/page-header';
import { memberRoles } from '@/lib/auth/labels';
import { formatCount } from '@/components/ui/format-count';
import { Kbd } from '@/components/ui/kbd';
import type { ReplyExample, ReviewPolicy } from '@/lib/settings/schema';
import { purposeLabels, purposeTexts } from '@/lib/messages/labels';
import { messagePurposes } from '@/lib/messages/schema';
import { maxFileBytes, maxFileLines, maxWorkbookBytes } from '@/lib/number-lists/schema';
import { describeRule } from '@/lib/opt-outs/labels';
import type { StoredVerdict } from '@/lib/replies/schema';
import { numberFormats } from './number-formats';
import { Chapter, Name, To, Word, Words } from './prose';

interface HelpPageProps {
  /** "W58324" */
  accountNumber: string;
  /** What the matcher really has. */
  words: Record<'exact' | 'prefix' | 'extra' | 'ownExact' | 'ownPrefix', readonly string[]>;
  examples: readonly ReplyExample[];
  /** What a recipient of this account is sent. */
  confirmation: string;
  reviewPolicy: ReviewPolicy;
  /** How long a reply to a shared sender number counts as an answer. */
  attributionDays: number;
}

const chapters = [
  ['how', 'How opt-out works'],
  ['words', 'Which replies opt out'],
  ['recipient', 'What the recipient gets'],
  ['blocked', 'What is blocked, and what it costs'],
  ['purpose', 'Marketing or service'],
  ['cleansing', 'Cleansing your lists'],
  ['registration', 'Registration as a marketer'],
  ['who-is-speaking', 'Who is speaking'],
  ['consent', 'Consent to marketing'],
  ['frequency-cap', 'Not too often'],
  ['complaints', 'Answering a complaint'],
  ['later', 'Sending later'],
  ['delivered', 'Delivered, or not'],
  ['shared', 'Shared sender numbers'],
  ['review', 'Replies to review'],
  ['add', 'Adding and removing numbers'],
  ['import', 'Importing and checking lists'],
  ['removal', 'Asking for a removal'],
  ['download', 'Downloads'],
  ['people', 'People and roles'],
  ['credits', 'Credits and sub-accounts'],
  ['security', 'Signing in safely'],
  ['trial', 'Trial accounts and your details'],
  ['programs', 'Your own programs'],
  ['privacy', 'What is kept of people'],
  ['law', 'The law in short'],
  ['keys', 'Keyboard'],
  ['contact', 'Who to ask'],
] as const;

const titles = Object.fromEntries(chapters) as Record<(typeof chapters)[number][0], string>;

export function HelpPage(props: HelpPageProps) {
  return (
    <>
      <PageHeader title="Help" description="How opt-out works here, and what you can do with it." />
      <div className="grid items-start gap-x-12 gap-y-6 lg:grid-cols-[13rem_minmax(0,42rem)]">
        <Contents />
        <div className="min-w-0">
          <HowItWorks />
          <WhichReplies {...props} />
          <WhatTheRecipientGets confirmation={props.confirmation} />
          <WhatIsBlocked />
          <Purpose />
          <Cleansing />
          <Registration />
          <WhoIsSpeaking />
          <Consent />
          <FrequencyCap />
          <Complaints />
          <Later />
          <Delivered />
          <SharedNumbers attributionDays={props.attributionDays} />
          <Review reviewPolicy={props.reviewPolicy} />
          <Adding />
          <Importing />
          <Removal />
          <Downloads />
          <PeopleAndRoles />
          <CreditsAndSubAccounts />
          <SigningIn />
          <Trial />
          <Programs />
          <Privacy />
          <Law />
          <Keyboard />
          <Contact accountNumber={props.accountNumber} />
        </div>
      </div>
    </>
  );
}

function Contents() {
  return (
    <nav aria-label="On this page" className="lg:sticky lg:top-7">
      <ul className="grid gap-x-4 border-line text-sm max-lg:rounded-lg max-lg:border max-lg:bg-surface max-lg:p-3 sm:max-lg:grid-cols-2 lg:border-l">
        {chapters.map(([id, title]) => (
          <li key={id}>
            <a
              href={`#${id}`}
              className="block rounded-sm py-1 text-ink-soft underline-offset-4 hover:text-ink hover:underline max-lg:py-1.5 lg:pl-3.5"
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function HowItWorks() {
  return (
    <Chapter id="how" title={titles.how}>
      <p>
        Somebody you wrote to replies “Stop”. From that moment your account, and no other, can no longer write
        to that number; they get one SMS that says so, and you see the number under{' '}
        <To href="/messages/opt-outs">Auto Opt-Outs</To> with the reply that caused it.
      </p>
      <p>
        The block is in force before we even acknowledge the reply to the network: there is no list to clean,
        and no message slips through meanwhile. Everything that happens to a number is kept with time and
        reason, on a page of its own: press a row of the list.
      </p>
    </Chapter>
  );
}

const storedVerdicts: Record<ReplyExample['verdict'], StoredVerdict> = {
  'opt-out': 'OPT_OUT',
  review: 'REVIEW',
  none: 'NONE',
};

function WhichReplies({ words, examples }: HelpPageProps) {
  const hasOwn = words.ownExact.length + words.ownPrefix.length > 0;
  return (
    <Chapter id="words" title={titles.words}>
      <p>
        Capital letters, spaces, punctuation and emoji around a reply do not matter. These are opt-outs for
        everyone:
      </p>
      <Rules
        rules={[
          ['The reply is exactly', words.exact],
          ['It starts with', words.prefix],
          ['These count as well', words.extra],
        ]}
      />
      <p>
        In what a reply starts with, <Word>_</Word> is any one sign: “opt-out”, “opt.out”.
      </p>
      {hasOwn ? (
        <>
          <p>
            Besides, these of your own, set in <To href="/settings#keywords">Settings</To>:
          </p>
          <Rules
            rules={[
              ['The reply is exactly', words.ownExact],
              ['It starts with', words.ownPrefix],
            ]}
          />
        </>
      ) : (
        <p>
          If your messages tell people to use another word, or you write in another language, add it under{' '}
          <To href="/settings#keywords">Settings</To>; there you can also try what becomes of a reply.
        </p>
      )}
      <p>So this is what becomes of replies as people write them:</p>
      <Examples examples={examples} />
    </Chapter>
  );
}

function Rules({ rules }: { rules: readonly (readonly [name: string, words: readonly string[]])[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2.5 sm:grid-cols-[10rem_minmax(0,1fr)]">
      {rules
        .filter(([, words]) => words.length > 0)
        .map(([name, words]) => (
          <div key={name} className="contents">
            <dt className="text-sm max-sm:-mb-1.5 sm:pt-0.5">{name}</dt>
            <dd>
              <Words words={words} />
            </dd>
          </div>
        ))}
    </dl>
  );
}

function Examples({ examples }: { examples: readonly ReplyExample[] }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <table className="w-full text-sm text-ink">
        <caption className="sr-only">Replies, and what becomes of each</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">Reply</th>
            <th scope="col">Verdict</th>
            <th scope="col">Rule</th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {examples.map(({ text, verdict, rule }) => (
            <tr key={text}>
              <td className="py-2 pr-2 pl-3.5">{text}</td>
              <td className="px-2 py-2 max-sm:pr-3.5 max-sm:text-right">
                <VerdictBadge verdict={storedVerdicts[verdict]} />
              </td>
              <td className="py-2 pr-3.5 pl-2 text-ink-soft max-sm:sr-only">
                {rule ? describeRule(rule) : 'Listed, nothing blocked'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function WhatTheRecipientGets({ confirmation }: { confirmation: string }) {
  return (
    <Chapter id="recipient" title={titles.recipient}>
      <p>
        One SMS, at once and at any hour. It is sent once, however often they reply, and costs neither of you
        anything:
      </p>
      <blockquote className="w-fit max-w-md rounded-2xl rounded-bl-md bg-hover px-4 py-2.5 text-sm wrap-anywhere whitespace-pre-wrap text-ink">
        {confirmation}
      </blockquote>
      <p>
        You can write your own in <To href="/settings#confirmation">Settings</To>. It must name your account,
        and should carry no marketing.
      </p>
    </Chapter>
  );
}

function WhatIsBlocked() {
  return (
    <Chapter id="blocked" title={titles.blocked}>
      <p>
        Every message of your account to that number, from any of your sender numbers, whether you send it
        here or through a program. Messages that were waiting to be sent are blocked too.
      </p>
      <p>
        A blocked message costs nothing: what was charged for one that was waiting is paid back. It never
        holds up the others of the same batch, and it is listed in <To href="/messages">Message Logs</To> as
        Blocked, with the reason.
      </p>
      <p>Other accounts are not affected, and you are not affected by theirs.</p>
    </Chapter>
  );
}

function Purpose() {
  return (
    <Chapter id="purpose" title={titles.purpose}>
      <p>
        Each message that you send is for one of two things, and you say which on the Send page. It stands in{' '}
        <To href="/messages">Message Logs</To>, in downloads and in the evidence of a number, so that you can
        show it when somebody asks.
      </p>
      <dl className="space-y-3">
        {messagePurposes.map((purpose) => (
          <div key={purpose}>
            <dt className="font-medium text-ink">{purposeLabels[purpose]}</dt>
            <dd>{purposeTexts[purpose]}</dd>
          </div>
        ))}
      </dl>
      <p>
        The rules for direct marketing, its hours and the national opt-out registry, are about marketing alone
        (Consumer Protection Act, s 11, and its regulations of 2011 and April 2026). One offer makes the whole
        message marketing. An opt-out blocks both.
      </p>
      <p>
        Marketing leaves from 08:00 to 20:00 on weekdays and from 09:00 to 13:00 on Saturdays, and never on
        Sundays and South African public holidays (regulations of 2011), by the clock of the country that the
        number belongs to; of a country with several time zones, when it is lawful in all of them. The time at
        which it leaves counts, so whatever is due at another hour waits for the next lawful one, a batch that
        the evening cuts short too. <Name>Send</Name> asks you first and says how many leave when, and what
        waits stands under <To href="/messages/scheduled">Scheduled</To>, where you can cancel it. Service
        messages and confirmations never wait.
      </p>
      <p>
        Whoever is on the National Consumer Commission’s opt-out registry may not be sent marketing
        (regulation 4, as amended in April 2026). We keep the registry, and block marketing to them when you
        send it and again when it leaves; it costs nothing, and the reason stands beside it. Service messages
        go out. It counts against an earlier <To href="#consent">consent</To>, and against a YES to a consent
        SMS, which lifts your own block alone. The page of a number says whether it is on the registry, and
        since when.
      </p>
      <p>
        You are asked once when a text reads like an offer and you have chosen Service: a price, “special”,
        “40% off”, “uitverkoping”. What was chosen of a scheduled message can be changed until it leaves. What
        a message is for when nobody says so, as with older programs, is set in{' '}
        <To href="/settings#purpose">Settings</To>.
      </p>
      <p>
        Confirmations, and the SMSs that ask for a YES, are neither: they carry no marketing, and are sent
        because the rules or the recipient ask for them. A message that was sent before there was this choice
        shows none.
      </p>
    </Chapter>
  );
}

function Cleansing() {
  return (
    <Chapter id="cleansing" title={titles.cleansing}>
      <p>
        Marketers compare their lists with the national opt-out registry at least once a month, before they
        send (regulation 4 under the Consumer Protection Act, as amended in April 2026; read from summaries of
        law firms). Under <To href="/messages/cleansing">Cleansing</To> you download whom you sent marketing
        in the last year, with lists that you checked if you like, hand in the answer, and see who came and
        who left before it counts. As far as we know the Commission has not published a format of its own for
        either file: columns of the one can be described, and of the other are chosen.
      </p>
      <p>
        From then on whoever is in the answer gets no marketing from you, and whoever is not in it any more
        may again; from when to when each was, is kept. An answer of an earlier day than your last, of a day
        to come, or the very same file of the same day is refused, and of a file that breaks off nothing is
        kept. Where nobody is on the registry, say so: that needs no file.
      </p>
      <p>
        A cleansing counts for 31 days after the day that the answer is of, unless your provider has set
        another term. You are warned on Home, on <Name>Send</Name> and by e-mail six days before. After that
        all marketing of your account is blocked, also what was scheduled before; it costs nothing and says
        why. Service messages go out. An answer for the whole industry that your provider puts in force is a
        cleansing of yours too. If you have never cleansed, nothing is stopped until your provider requires
        it.
      </p>
    </Chapter>
  );
}

function Registration() {
  return (
    <Chapter id="registration" title={titles.registration}>
      <p>
        Direct marketers register with the National Consumer Commission and renew each year (the same
        regulations; registration is open since July 2026). Enter the number and its last day in{' '}
        <To href="/settings#registration">Settings</To>. A new registration is entered over the old one, which
        stays in the history; the newest counts.
      </p>
      <p>
        The owner and the administrators are reminded 30 days before the last day. After it all marketing of
        your account is blocked until the new one is entered. If you have entered none, nothing is stopped
        until your provider requires it.
      </p>
    </Chapter>
  );
}

function WhoIsSpeaking() {
  return (
    <Chapter id="who-is-speaking" title={titles['who-is-speaking']}>
      <p>
        A marketing text has to say who is speaking (Consumer Protection Act, s 11 and its regulations) and
        how to opt out (POPIA, s 69). Your account’s name counts, and so does each name that you trade under,
        which you enter in <To href="/settings#trading-names">Settings</To>. Forms such as “(Pty) Ltd” can be
        left out, and of a longer name the first two words are enough.
      </p>
      <p>
        <Name>Send</Name> tells you what is missing and adds it with one press, with what that costs in
        segments. Your provider may have set that a text without it is not sent as marketing: then{' '}
        <Name>Send</Name>, a scheduled message that is changed, and your own programs are refused, and told
        what is missing.
      </p>
    </Chapter>
  );
}

function Consent() {
  return (
    <Chapter id="consent" title={titles.consent}>
      <p>
        Who has agreed to marketing from you is written down under <To href="/messages/consents">Consents</To>
        : when, how, and to what wording (records of consent are kept: POPIA, s 69, and its regulations of
        April 2025). One by one, from a file of numbers, or by your own programs. A file may have columns that
        say of each number when and how it was given; a day that cannot be read costs its line alone, and the
        report names it. Those in force can be downloaded. Say where it can be seen, or choose the file that
        shows it: a scan stays with you, and we keep its name and its fingerprint (SHA-256), by which anybody
        can tell that it is the one. It stands in the story of the number and in its evidence pack.
      </p>
      <p>
        An opt-out ends the consent that was given before it, and lifting the block does not bring it back: a
        new consent is recorded anew. Consent lifts no block. Who takes it back in another way, such as in a
        shop, is free to (POPIA, s 11): <Name>Withdraw</Name> under Consents or on the page of the number,
        with the day and how you know. It stops counting at once, no consent from before counts any more,
        whoever hands it in again, and it is no opt-out by itself.
      </p>
      <p>
        Whether an earlier consent stands against an entry of the national registry is not settled (the
        regulations of April 2026 do not say; read from summaries of law firms). Here the registry wins,
        unless your provider has set that consent stands; then marketing leaves to who has consented, and each
        such message is written down. A YES to a consent SMS is no consent to marketing: it lifts your own
        block alone.
      </p>
    </Chapter>
  );
}

function FrequencyCap() {
  return (
    <Chapter id="frequency-cap" title={titles['frequency-cap']}>
      <p>
        In <To href="/settings#frequency-cap">Settings</To> you can set the most marketing messages that one
        number gets in 7 days. No law asks for it; people who get less opt out less. It is looked at when a
        message leaves, scheduled ones too: what has left in the 7 days before counts, and what failed does
        not. What would be more is blocked, with the reason beside it, and its credits come back.
      </p>
    </Chapter>
  );
}

function Complaints() {
  return (
    <Chapter id="complaints" title={titles.complaints}>
      <p>
        <Name>Complaint pack</Name> on the page of a number answers a question of the National Consumer
        Commission, of WASPA (Code of Conduct, on complaints) or of the Information Regulator (POPIA, s 74):
        each message of the days you choose, with its purpose, whether it says who is speaking and how to opt
        out, the hour where the recipient is, the registration and the cleansing in force at that moment, what
        the registry, consent and opt-outs said then, and the rule that let it through or blocked it. An hour
        is judged by the hours and holidays that were set at that moment; where those set later say otherwise,
        the pack says so too. As PDF, or as CSV with the same facts and the same fingerprint.
      </p>
    </Chapter>
  );
}

function Later() {
  return (
    <Chapter id="later" title={titles.later}>
      <p>
        <Name>Send</Name> can wait: for a day and a time on your account’s clocks, or for the next hour in
        which direct marketing may be sent. What waits is charged at once and stands under{' '}
        <To href="/messages/scheduled">Scheduled</To> in Message Logs, where you can change its text, its time
        and its purpose until it leaves; another length is charged or given back at once. Cancelled, its
        credits come back. Whoever opts out meanwhile is blocked when it leaves, and costs nothing.
      </p>
    </Chapter>
  );
}

function Delivered() {
  return (
    <Chapter id="delivered" title={titles.delivered}>
      <p>
        <To href="/messages">Message Logs</To> says of each message what the network has said so far. A
        message that has left is <Name>Sent</Name>, and becomes <Name>Delivered</Name> when the phone has it,
        or <Name>Failed</Name>. What never reached the network is paid back; what it took and could not
        deliver is not.
      </p>
      <p>
        Some networks report on the first part of a long text alone. It then says{' '}
        <Name>Delivered, first part</Name>.
      </p>
      <p>
        Rarely the network takes a message and its answer is lost. The message is then <Name>In doubt</Name>{' '}
        until the network reports, it is sent again, or a person of our staff has decided; one that is given
        up is paid back.
      </p>
      <p>
        When a network says nothing for some days, the message ends as <Name>No receipt</Name>. It may well
        have arrived: it has not failed, and costs what it cost. If the network still reports, that counts.
      </p>
    </Chapter>
  );
}

function SharedNumbers({ attributionDays }: { attributionDays: number }) {
  return (
    <Chapter id="shared" title={titles.shared}>
      <p>
        Unless you have a sender number of your own, several accounts write from the same ones. Which of them
        a reply answers is known all the same: we avoid that two accounts write to one recipient from one
        number.
      </p>
      <p>
        Now and then it cannot be avoided. When several accounts wrote to a recipient from the same number
        within {attributionDays} days and the recipient replies “Stop”, all of them are blocked, since nobody
        can tell which one was meant. Such an entry is marked <Name>Shared sender</Name>.
      </p>
    </Chapter>
  );
}

function Review({ reviewPolicy }: { reviewPolicy: ReviewPolicy }) {
  return (
    <Chapter id="review" title={titles.review}>
      <p>
        Some replies are probably opt-outs but not certainly: “Stop. Thank you”, “please take me off your
        list”, “sotp”, or “Stop” on a line of its own above or below a signature, a disclaimer or a quoted
        message. Wishes in other languages of the country (“Ngicela ningisuse”, “hou op asb”) are among them.
        They wait under <To href="/messages/review">Replies to review</To> until one of your team decides: opt
        out, or not an opt-out. Until then the number can be written to. A wish in a part of a long reply
        whose rest did not come waits there, too.
      </p>
      <p>
        A decision can be undone for a short while, before the confirmation is sent. After that an opt-out is
        like any other.
      </p>
      <p>
        A wish that comes to a number from which nobody wrote to the recipient goes to our staff. They find
        out for whom it was meant, and either opt the number out for you, with their reason in its history, or
        leave it to you under Replies to review. You are told either way.
      </p>
      <p>
        Would you rather block such numbers at once? Choose so in <To href="/settings#review">Settings</To>.
        At the moment{' '}
        {reviewPolicy === 'BLOCK' ? 'your account blocks them at once.' : 'your account asks a person.'}
      </p>
    </Chapter>
  );
}

function Adding() {
  return (
    <Chapter id="add" title={titles.add}>
      <p>
        Somebody asks you in person, by e-mail or by phone? Press <Name>Add Opt-Out Number</Name> on{' '}
        <To href="/messages/opt-outs">Auto Opt-Outs</To> and paste one number or many. Any of these ways to
        write one will do:
      </p>
      <Words words={numberFormats} />
      <p>
        What you have added yourself, by hand or by an import, you can take off again: the red cross asks you
        to <Name>Delete Opt-Out Number</Name>. What a recipient’s reply has made, you cannot; see{' '}
        <To href="#removal">asking for a removal</To>. If a number that you added replies “Stop” later, the
        entry becomes theirs.
      </p>
      <p>Numbers that you add get no confirmation SMS.</p>
    </Chapter>
  );
}

function Importing() {
  return (
    <Chapter id="import" title={titles.import}>
      <p>
        <To href="/messages/opt-outs/import">Import</To> takes an Excel workbook (.xlsx) of up to{' '}
        {maxWorkbookBytes / 1024 / 1024} MB, or a text or CSV file of up to {maxFileBytes / 1024 / 1024} MB,
        with up to {formatCount(maxFileLines)} lines. We find the column of the numbers and the separator, and
        of a workbook the sheet; correct us if we are wrong. Every column that holds numbers is named with how
        many there are, and you can include several; a cell may hold several numbers too, as contacts of
        Google do. It runs in the background, and ends in a report for each number: added, already there, a
        duplicate, or not a mobile number and why. A line with an odd quotation mark is reported, the others
        are read; lines are counted as your spreadsheet counts them.
      </p>
      <p>An import only ever adds. No import, however often repeated, lets anybody back in.</p>
      <p>
        <To href="/messages/opt-outs/check">Check a list</To> changes nothing: it tells you how many of the
        numbers have opted out, and gives you the list without them, and the list of them. The report says who
        is on the national opt-out registry, and a list for marketing leaves them out as well. You need not do
        so before you send, since blocked numbers are left out and cost nothing.
      </p>
      <p>
        Excel may show long numbers as <Word>2.78E+10</Word>, and saves them so as CSV. The last digits are
        lost then; we refuse such lines rather than guess. Hand in the workbook itself: it has them whole.
      </p>
    </Chapter>
  );
}

function Removal() {
  return (
    <Chapter id="removal" title={titles.removal}>
      <p>
        Somebody opted out and wants to hear from you again. Only they can say so: a block that a reply has
        made is lifted by the recipient’s own YES, and by nothing else.
      </p>
      <ol className="list-decimal space-y-1.5 pl-5">
        <li>
          You ask for it: press <Name>Request removal</Name> beside the number, and give us permission to
          write to them.
        </li>
        <li>
          We send them one SMS in your name and ask for a YES. It goes out at lawful hours, once for each
          opt-out.
        </li>
        <li>They reply YES. Anything else, or nothing for seven days, leaves everything as it is.</li>
        <li>Our staff look at it. If they approve, the block is lifted; you are told either way.</li>
      </ol>
      <p>
        An entry that never was the recipient’s wish, a reply that was misread, is corrected by our staff:{' '}
        <To href="#contact">tell us</To>.
      </p>
    </Chapter>
  );
}

function Downloads() {
  const named = separatorChoices
    .filter(({ character }) => character !== null)
    .map(({ label }) => label.toLowerCase());
  return (
    <Chapter id="download" title={titles.download}>
      <p>
        <Name>Download Messages</Name> stands above each list: Auto Opt-Outs, outgoing messages, incoming
        replies; above credits and activity it is called after these. It makes a CSV file or a workbook
        (.xlsx). For a CSV it asks which sign shall stand between the fields ({named.join(', ')}, or one of
        your own), and remembers it. Under <Name>More options</Name> you choose columns, and whether to take
        what is filtered or everything.
      </p>
      <p>
        Take the workbook for a spreadsheet: numbers keep all their digits, times are dates, and every text is
        as it was written. A cell holds 32,767 characters; a longer text is cut there and says so. After
        1,048,575 rows the list goes on on a second sheet.
      </p>
      <p>
        Take the CSV for other programs: UTF-8 with a byte-order mark, texts in quotes. An apostrophe stands
        where a text would begin a formula in a spreadsheet, also after a comma, semicolon, tab, pipe or line
        break within it. Times are of your <To href="/settings#time-zone">time zone</To>. If Excel puts all in
        one column, choose the semicolon; if it shortens numbers, choose{' '}
        <Name>Keep numbers as text for Excel</Name>.
      </p>
      <p>
        For a complaint, the page of a number has its evidence as PDF, CSV and workbook: what was sent, what
        was replied, and how soon it was honoured.
      </p>
    </Chapter>
  );
}

function PeopleAndRoles() {
  return (
    <Chapter id="people" title={titles.people}>
      <p>
        <To href="/people">People</To> lists who works with your account, and what each may do:
      </p>
      <ul className="list-disc space-y-1.5 pl-5">
        {Object.values(memberRoles).map(({ label, says }) => (
          <li key={label}>
            <Name>{label}</Name>. {says}
          </li>
        ))}
      </ul>
      <p>
        Owners and administrators invite others by e-mail; the link works for seven days, and can be sent
        again or withdrawn. They change roles, suspend and remove, which counts at once. Owners hand the
        account over. Everybody may leave by themselves, under their own name in the list; the last owner
        stays until somebody else is one.
      </p>
      <p>
        One person may work with several accounts under one username: the account’s name at the top of the
        menu leads from one to another. A page that was left open at the one before does nothing in the new
        one.
      </p>
      <p>
        <To href="/activity">Activity</To> tells owners and administrators who did what, when and from where:
        sign-ins, downloads, settings, opt-outs by hand, people and credits. It can be searched and
        downloaded. What we do on your behalf stands there as “The provider’s staff”.
      </p>
    </Chapter>
  );
}

function Privacy() {
  return (
    <Chapter id="privacy" title={titles.privacy}>
      <p>
        Texts of messages and replies, e-mails, and the addresses in Activity are kept for as long as we have
        set for all accounts, and then written over: “Text erased on …” stands in their place, in files too.
        What proves an opt-out is kept as long as the block lasts, and for a term after.
      </p>
      <p>
        A recipient may ask what is kept of them, and to have it erased (POPIA, s 23 and s 24). Send us their
        number: our staff find all there is of it, in all accounts, give it out as a file, and erase what need
        not be kept. Of erased rows you see “Erased number”. The block itself and the proof of it stay, so
        that they are not written to again; we tell them so.
      </p>
    </Chapter>
  );
}

function CreditsAndSubAccounts() {
  return (
    <Chapter id="credits" title={titles.credits}>
      <p>
        <To href="/credits">Credits</To> lists what changed your balance and what was left each time: top-ups,
        what each batch of messages cost, what was given back for messages that never left, transfers, and
        corrections of ours with their reason. Open a line of messages to come to exactly its batch. There you
        also say below how many credits the owner gets an e-mail, once each time the balance falls below it.
      </p>
      <p>
        Under <To href="/credits/sub-accounts">Sub-accounts</To> you open an account for a branch or a
        customer, with its own people, messages and opt-outs. You move credits to it and back, and see its
        balance, how much it sent this month and how many opt-outs it has. It sees nothing of yours, and an
        opt-out counts for the account that it was sent to.
      </p>
      <p>
        Below the list you may choose “Honour opt-outs of my other accounts too”. Then whoever has opted out
        of one of your accounts gets messages of none of them: such a message is shown as blocked, with the
        reason, and costs nothing. Each account still has its own Auto Opt-Outs list, and a removal lifts the
        block of one list alone.
      </p>
    </Chapter>
  );
}

function SigningIn() {
  return (
    <Chapter id="security" title={titles.security}>
      <p>
        Under <To href="/account/security">Security</To>, in the user menu, you set up a second factor: an
        authenticator app on your phone, whose code is asked for besides your password, or a passkey, with
        which you sign in by fingerprint, face or PIN and need no password at all.
      </p>
      <p>
        With the first one you get ten recovery codes, shown once. Keep them on paper or with your passwords:
        should you lose your phone, each lets you in once. A code that is refused although the app shows it
        usually comes from a phone whose clock is wrong: let it take its time from the network.
      </p>
      <p>
        The same page shows where you are signed in, and ends a session at once, open pages included. Under{' '}
        <To href="/settings#second-factor">Settings</To> your account can require a second factor of everybody
        who works with it.
      </p>
    </Chapter>
  );
}

function Law() {
  return (
    <Chapter id="law" title={titles.law}>
      <p>General information on South African rules, not legal advice.</p>
      <ul className="list-disc space-y-1.5 pl-5">
        <li>
          Recipients must be able to reply STOP. END, CANCEL, UNSUBSCRIBE and QUIT count as well, and so does
          any word that you tell people to use (WASPA Code).
        </li>
        <li>
          Whoever opts out must be told so by SMS (WASPA), and it may cost them nothing (Consumer Protection
          Act, s 11).
        </li>
        <li>
          Direct marketing is not sent on Sundays and public holidays; on Saturdays from 09:00 to 13:00, on
          other days from 08:00 to 20:00. The time of sending counts.
        </li>
        <li>
          Somebody who is not your customer may be asked only once for consent to direct marketing (POPIA, s
          69). Keep records of who consented and who objected.
        </li>
        <li>
          Direct marketers must register with the national opt-out registry each year, and clean their lists
          against it each month (regulations of April 2026).
        </li>
      </ul>
      <p>
        Opt-outs are honoured here at once; hours, the registry, <To href="#cleansing">cleansing</To> and{' '}
        <To href="#registration">registration</To> are held for you. Who has consented is yours to know, and
        is <To href="#consent">written down</To> here.
      </p>
    </Chapter>
  );
}

const shortcuts: readonly {
  where: string;
  keys: readonly (readonly [keys: readonly string[], does: string])[];
}[] = [
  {
    where: 'Lists',
    keys: [
      [['/'], 'search'],
      [['↑', '↓'], 'from row to row'],
      [['Enter'], 'open the row'],
      [['Space'], 'select it, where rows can be selected'],
      [['Esc'], 'close, or back to the search'],
    ],
  },
  {
    where: 'Replies to review',
    keys: [
      [['↑', '↓'], 'from reply to reply'],
      [['O'], 'opt out'],
      [['N'], 'not an opt-out'],
      [['U'], 'undo'],
    ],
  },
  { where: 'Send', keys: [[['Ctrl', 'Enter'], 'send']] },
];

function Trial() {
  return (
    <Chapter id="trial" title={titles.trial}>
      <p>
        A trial account sends only to the cell number that its owner has confirmed. Messages to other numbers
        are blocked, cost nothing, and say <Name>TRIALNOT2SELF</Name> on Send, in Message Logs and in the
        download. Ask us to make it a full account.
      </p>
      <p>
        <Name>Your details</Name>, in the user menu, changes your password, e-mail address and cell number. A
        new address or number counts once you have confirmed it there; the old one is told. When you change
        your password, all other browsers are signed out.
      </p>
      <p>
        Forgotten it? The sign-in page sends a link to your e-mail address, for 30 minutes, or a code to your
        cell number, for ten. If your phone has answered “Stop” to one of our codes it gets no more of them:
        use the link.
      </p>
    </Chapter>
  );
}

function Programs() {
  return (
    <Chapter id="programs" title={titles.programs}>
      <p>
        Programs act for your account with an API key. Owners and administrators make one for each program
        under <To href="/settings/api-keys">API keys</To> in Settings, say what it may do and from which
        addresses, and see it once. A key gets a new secret while the old one still works, and is revoked at
        once.
      </p>
      <p>
        A client library for the provider’s REST API works with such a key and this portal’s address followed
        by <Name>/api/rest/v1</Name>.
      </p>
      <p>
        Instead of asking again and again, a program can be told as it happens: add its address under{' '}
        <To href="/settings/webhooks">Webhooks</To> in Settings and choose what it is told of. Each delivery
        is signed, tried again for three days, and stands in a log for 30. A program that fails for three days
        is paused, and you are told. Once you press “Resume” it gets all it has missed.
      </p>
      <p>
        Programs written today find more behind <Name>/api/v2</Name>: opt-outs with their history, checks of
        many numbers at once, and every change in order. <To href="/docs/api">The API for your programs</To>{' '}
        has all of it, with examples.
      </p>
    </Chapter>
  );
}

function Keyboard() {
  return (
    <Chapter id="keys" title={titles.keys}>
      <div className="grid gap-4 sm:grid-cols-2">
        {shortcuts.map(({ where, keys }) => (
          <div key={where}>
            <h3 className="mb-1.5 text-sm font-medium text-ink">{where}</h3>
            <dl className="grid grid-cols-[5.5rem_minmax(0,1fr)] items-center gap-y-1.5 text-sm">
              {keys.map(([names, does]) => (
                <div key={does} className="contents">
                  <dt className="flex gap-1">
                    {names.map((name) => (
                      <Kbd key={name}>{name}</Kbd>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Chapter>
  );
}

function Contact({ accountNumber }: { accountNumber: string }) {
  return (
    <Chapter id="contact" title={titles.contact}>
      <p>
        Our support, as on your invoice. Name your account number, <Name>{accountNumber}</Name>, and for a
        question about a recipient their number and the day. Passwords we never ask for.
      </p>
    </Chapter>
  );
}
