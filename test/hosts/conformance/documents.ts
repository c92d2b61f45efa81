/** Everything in docs/ that the conformance results are told in. */
import { problemsFigure } from './figure.ts';
import { conformancePage } from './page.ts';
import { asText, type Results } from './results.ts';

export { newest } from './results.ts';

/** Their texts by path. */
export function documents(results: Results): Record<string, string> {
  return {
    'docs/conformance.json': asText(results),
    'docs/conformance.md': conformancePage(results),
    'docs/two-problems.svg': problemsFigure(results.stacks),
  };
}
