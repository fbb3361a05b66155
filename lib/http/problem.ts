/** An RFC 9457 problem response: what is wrong, and what to do. */
export function respondProblem(
  status: number,
  title: string,
  detail?: string,
  headers?: HeadersInit,
): Response {
  return Response.json(
    { title, status, ...(detail === undefined ? {} : { detail }) },
    {
      status,
      headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
    },
  );
}
