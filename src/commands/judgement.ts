/** All that there is to say about a deployment: by the real tools, about the project, about the app's settings. */
import { join } from 'node:path';
import type { Resolution } from '../answers/resolve.ts';
import { idle, withAccepted } from '../check/accepted.ts';
import type { Plan } from '../contract/plan.ts';
import { type Judgement, judge as judgeProject } from '../core.ts';
import type { GeneratedFile } from '../kit/kit.ts';
import type { Terminal } from '../system/terminal.ts';
import { adviceFindings } from '../words/advice.ts';
import { ANSWERS_FILE } from '../words/answers-file.ts';
import type { Detection } from '../words/detection.ts';
import type { Finding } from '../words/finding.ts';
import type { Places } from './places.ts';
import { readingFindings } from './reading.ts';
import { showAdvice, showFindings } from './report.ts';

/** What the tools are asked about: the files on disk, those of the kit, or none. */
export type Subject = 'on disk' | 'kit' | 'nothing';

interface Judged {
  plan: Plan;
  kit: readonly GeneratedFile[];
  detection: Detection | undefined;
  /** The answers, where they were just made. */
  resolution?: Resolution;
  places: Places;
}

/** Judges the project, and the files that are the subject. */
export async function judge(
  subject: Subject,
  { plan, kit, detection, resolution, places }: Judged,
): Promise<Judgement> {
  const { findings, advice } = judgeProject(plan, places.project, detection, resolution);
  findings.unshift(...readingFindings(places.project));
  if (subject === 'nothing') return withAccepted({ findings, advice }, plan.accepted);
  const { checkKit, checkOnDisk } = await import('./checks.ts');
  findings.unshift(...(await (subject === 'kit' ? checkKit : checkOnDisk)(plan, kit, places)));
  const answersFile = join(places.shownOut, ANSWERS_FILE);
  const all = { findings, advice };
  // Only where everything was asked is it known that nothing says it.
  return withAccepted(
    { ...all, findings: [...findings, ...idle(all, plan.accepted, answersFile)] },
    plan.accepted,
  );
}

/** For a person: the settings with what is wanted, then the findings. */
export function showJudgement(terminal: Terminal, { findings, advice }: Judgement, framework: string): void {
  showAdvice(terminal, advice, framework);
  showFindings(terminal, findings);
}

/** For a program: settings that are wrong for sure are findings like any other. */
export function allFindings({ findings, advice }: Judgement, framework: string): Finding[] {
  return [...findings, ...adviceFindings(advice, framework)];
}
