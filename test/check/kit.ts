/** A whole kit as it is on disk, from a few answers: what the tools and the scans are asked about. */
import { templates } from '#templates';
import { readAnswersFile } from '../../src/answers/file.ts';
import { resolveAnswers } from '../../src/answers/resolve.ts';
import type { Plan } from '../../src/contract/plan.ts';
import type { TreeFile } from '../../src/contract/validator.ts';
import { renderKit } from '../../src/kit/kit.ts';
import { makePlan } from '../../src/plan/plan.ts';

/** @param lines Of an answers file, beside those that every kit here has. */
export function kit(...lines: string[]): { plan: Plan; files: TreeFile[] } {
  const common = [
    'name: shop',
    'domains: [shop.example]',
    'framework: wsgi',
    'app: shop:app',
    'media: { /media/: media }',
  ];
  const { answers } = readAnswersFile(
    [...common, 'static: { /static/: static }', ...lines].join('\n'),
    'answers',
  );
  const plan = makePlan(resolveAnswers([{ insistent: true, answers }]).answers);
  const files = renderKit(plan, templates).map(({ path, hostPath, text, mode }) => ({
    ...{ path: hostPath ?? path, shown: path, text, mode },
    edited: false,
  }));
  return { plan, files };
}
