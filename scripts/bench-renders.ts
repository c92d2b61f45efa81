/** Renders the deployments of many sites in one process, and prints the time of one at 100, 1,000 and 10,000. */
import { templates } from '#templates';
import { readAnswersFile } from '../src/answers/file.ts';
import { resolveAnswers } from '../src/answers/resolve.ts';
import { renderKit } from '../src/kit/kit.ts';
import { makePlan } from '../src/plan/plan.ts';

const answersOf = (site: number) => `
name: site-${site}
domains: [site-${site}.example]
framework: django
app: shop.wsgi:application
django-settings: shop.settings
media: { /media/: media }
`;

let bytes = 0;
function renderSite(site: number): void {
  const { answers } = readAnswersFile(answersOf(site), 'answers');
  const { answers: resolved, problems } = resolveAnswers([{ insistent: true, answers }]);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  for (const { text } of renderKit(makePlan(resolved), templates)) bytes += text.length;
}

let done = 0;
const rows: string[] = [];
for (let site = 0; site < 50; site++) renderSite(site);
for (const total of [100, 1000, 10_000]) {
  const from = performance.now();
  const count = total - done;
  for (; done < total; done++) renderSite(done);
  rows.push(`  ${String(total).padStart(6)}: ${((performance.now() - from) / count).toFixed(2)} ms a site`);
}
console.log(
  `answers to files, many sites in one process (${Math.round(bytes / 1e6)} MB of text):\n${rows.join('\n')}`,
);
