import { Chapter, Name, To } from '@/components/help/prose';
import { CopyButton } from '@/components/ui/copy-button';
import type { ShownField, ShownOperation, ShownSchema } from '@/lib/api-v2/schema';
import { DocsShell } from './docs-shell';

interface ApiPageProps {
  /** Of the API: "https://client-zone.example/api/v2" */
  base: string;
  operations: readonly ShownOperation[];
  schemas: readonly ShownSchema[];
}

export function ApiPage({ base, operations, schemas }: ApiPageProps) {
  return (
    <DocsShell title="The API for your programs">
      <nav aria-label="Contents" className="mb-6">
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {operations.map(({ id, summary }) => (
            <li key={id}>
              <To href={`#${id}`}>{summary}</To>
            </li>
          ))}
        </ul>
      </nav>
      <Chapter id="basics" title="Basics">
        <p>
          Everything lies below <Code>{base}</Code>. Send the key of your account in the header{' '}
          <Code>Authorization: Bearer cz_…</Code>; an owner or administrator makes one under{' '}
          <Name>Settings, API keys</Name>. What is sent and answered is JSON.
        </p>
        <p>
          Numbers are read in any usual form and answered in E.164: <Code>+27821234567</Code>. Moments are ISO
          8601, answered in UTC. Fields that an operation does not have are refused; an answer may get new
          ones.
        </p>
        <p>
          What goes wrong is answered with a problem body (RFC 9457) whose <Code>type</Code> never changes:{' '}
          <To href="/docs/api/problems">all problems</To>. A POST may have an <Code>Idempotency-Key</Code>:
          the same request with the same key within 24 hours gets the same answer and does nothing more. The
          header <Code>RateLimit</Code> says how many requests a key has left.
        </p>
        <p>
          For tools there is the same as an{' '}
          <a className="text-accent-text underline underline-offset-4" href="/api/v2/openapi.json">
            OpenAPI 3.1 document
          </a>
          .
        </p>
      </Chapter>
      {operations.map((operation) => (
        <Operation key={operation.id} operation={operation} />
      ))}
      <Chapter id="schemas" title="What is answered">
        {schemas.map(({ name, fields }) => (
          <section key={name} id={`schema-${name}`} className="scroll-mt-20">
            <h3 className="font-semibold text-ink">{name}</h3>
            <Fields fields={fields} />
          </section>
        ))}
      </Chapter>
    </DocsShell>
  );
}

function Operation({ operation }: { operation: ShownOperation }) {
  const { id, method, path, summary, description, permission, parameters, body, answers, problems } =
    operation;
  return (
    <Chapter id={id} title={summary}>
      <p>
        <Code>{`${method} ${path}`}</Code>
      </p>
      <p>{description}</p>
      <p>
        The key needs the permission <Name>{permission}</Name>.
      </p>
      {parameters.length > 0 && <Fields title="Parameters" fields={parameters} />}
      {body.length > 0 && <Fields title="Body" fields={body} />}
      <p>
        Answers:{' '}
        {answers.map(({ status, schema }, index) => (
          <span key={status}>
            {index > 0 && ', '}
            {status} {schema ? <To href={`#schema-${schema}`}>{schema}</To> : 'without a body'}
          </span>
        ))}
        . Problems:{' '}
        {problems.map(({ code, status }, index) => (
          <span key={code}>
            {index > 0 && ', '}
            {status} <To href={`/docs/api/problems#${code}`}>{code}</To>
          </span>
        ))}
        .
      </p>
      {operation.examples.map(({ language, code }, index) => (
        <details key={language} open={index === 0} className="rounded-lg border border-line bg-surface">
          <summary className="cursor-pointer px-4 py-2 font-medium text-ink">{language}</summary>
          <div className="flex items-start gap-2 border-t border-line px-4 py-2">
            <pre
              role="group"
              tabIndex={0}
              aria-label={`${summary} in ${language}`}
              className="min-w-0 grow overflow-x-auto text-sm text-ink"
            >
              <code>{code}</code>
            </pre>
            <CopyButton text={code} label={`Copy ${summary} in ${language}`} />
          </div>
        </details>
      ))}
    </Chapter>
  );
}

function Fields({ title, fields }: { title?: string; fields: readonly (ShownField & { place?: string })[] }) {
  return (
    <>
      {title && <h3 className="font-semibold text-ink">{title}</h3>}
      <dl className="space-y-1">
        {fields.map(({ name, type, isRequired, note, place }) => (
          <div key={`${place ?? ''}${name}`} className="sm:flex sm:gap-3">
            <dt className="shrink-0 sm:w-44">
              <Code>{name}</Code>
            </dt>
            <dd className="min-w-0 wrap-anywhere">
              {[type, place, isRequired ? null : 'may be left out'].filter(Boolean).join(', ')}.
              {note && ` ${note}`}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Code({ children }: { children: string }) {
  return <code className="rounded bg-surface px-1 py-0.5 text-sm wrap-anywhere text-ink">{children}</code>;
}
