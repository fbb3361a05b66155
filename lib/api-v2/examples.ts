import type { AnyOperation } from './declare';

/** The languages of the examples, in the order in which they are shown. */
export const languages = ['curl', 'JavaScript', 'Python', 'PHP'] as const;
export type Language = (typeof languages)[number];

/** The address that the example of an operation asks. */
function composeUrl({ path, example }: AnyOperation, base: string): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(example.params?.[name] ?? ''),
  );
  const search = new URLSearchParams(example.query).toString();
  return `${base}${filled}${search && `?${search}`}`;
}

/**
 * A program that does an operation, whole, with nothing but what the language brings. It reads the key from
 * CLIENT_ZONE_KEY and ends with an error when the operation was not done.
 *
 * @param base of the API, such as "https://client-zone.example/api/v2"
 */
export function composeExample(operation: AnyOperation, language: Language, base: string): string {
  return writers[language](operation.method, composeUrl(operation, base), operation.example.body ?? null);
}

/** JSON as Python writes it. */
function writePython(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writePython).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${writePython(one)}`);
    return `{${fields.join(', ')}}`;
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return value === null ? 'None' : JSON.stringify(value);
}

type Write = (method: string, url: string, body: object | null) => string;

const writers: Record<Language, Write> = {
  curl: (method, url, body) =>
    [
      `curl --fail-with-body --silent --show-error --request ${method} '${url}'`,
      `  --header "Authorization: Bearer $CLIENT_ZONE_KEY"`,
      ...(body
        ? [
            `  --header 'Content-Type: application/json'`,
            `  --header "Idempotency-Key: $(date +%s)-$$"`,
            `  --data '${JSON.stringify(body)}'`,
          ]
        : []),
    ].join(' \\\n'),

  JavaScript: (method, url, body) =>
    [
      `const response = await fetch('${url}', {`,
      `  method: '${method}',`,
      `  headers: {`,
      '    Authorization: `Bearer ${process.env.CLIENT_ZONE_KEY}`,',
      ...(body
        ? [`    'Content-Type': 'application/json',`, `    'Idempotency-Key': crypto.randomUUID(),`]
        : []),
      `  },`,
      ...(body ? [`  body: JSON.stringify(${JSON.stringify(body)}),`] : []),
      `});`,
      `const text = await response.text();`,
      `if (!response.ok) throw new Error(JSON.parse(text).detail);`,
      `console.log(response.status, text);`,
    ].join('\n'),

  Python: (method, url, body) =>
    [
      `import ${body ? 'json, ' : ''}os, urllib.request${body ? ', uuid' : ''}`,
      ``,
      `request = urllib.request.Request(`,
      `    "${url}",`,
      `    method="${method}",`,
      `    headers={`,
      `        "Authorization": "Bearer " + os.environ["CLIENT_ZONE_KEY"],`,
      ...(body
        ? [`        "Content-Type": "application/json",`, `        "Idempotency-Key": str(uuid.uuid4()),`]
        : []),
      `    },`,
      ...(body ? [`    data=json.dumps(${writePython(body)}).encode(),`] : []),
      `)`,
      `# raises HTTPError when it was not done; error.read() has the problem body`,
      `with urllib.request.urlopen(request) as response:`,
      `    print(response.status, response.read().decode())`,
    ].join('\n'),

  PHP: (method, url, body) =>
    [
      `<?php`,
      `$context = stream_context_create(['http' => [`,
      `    'method' => '${method}',`,
      `    'header' => [`,
      `        'Authorization: Bearer ' . getenv('CLIENT_ZONE_KEY'),`,
      ...(body
        ? [
            `        'Content-Type: application/json',`,
            `        'Idempotency-Key: ' . bin2hex(random_bytes(16)),`,
          ]
        : []),
      `    ],`,
      ...(body ? [`    'content' => '${JSON.stringify(body)}',`] : []),
      `    'ignore_errors' => true,`,
      `]]);`,
      `$answer = file_get_contents('${url}', false, $context);`,
      `// "HTTP/1.1 200 OK"`,
      `$status = (int) explode(' ', $http_response_header[0])[1];`,
      `if ($status >= 400) {`,
      `    fwrite(STDERR, json_decode($answer)->detail . "\\n");`,
      `    exit(1);`,
      `}`,
      `echo $status, ' ', $answer, "\\n";`,
    ].join('\n'),
};
