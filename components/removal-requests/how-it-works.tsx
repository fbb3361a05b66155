/** The way of a request, for whoever has not made one. */
export function HowItWorks() {
  return (
    <ol className="mt-2 list-decimal space-y-1 pl-5 text-left text-pretty">
      <li>You give permission to send one SMS to a number that replied “Stop”.</li>
      <li>The recipient is asked, once, whether you may write again.</li>
      <li>With a YES, our staff approve the request and the block is lifted.</li>
      <li>With a NO, or without an answer, the number stays blocked.</li>
    </ol>
  );
}
