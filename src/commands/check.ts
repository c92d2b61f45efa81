/** check: every validator on what is on disk. */
import { join } from 'node:path';
import { version } from '../../package.json';
import { AnswersError } from '../answers/problem.ts';
import { sarif } from '../check/sarif.ts';
import { detect, type Judgement, makePlan, render } from '../core.ts';
import { writeReport } from '../system/report-file.ts';
import { ANSWERS_FILE } from '../words/answers-file.ts';
import type { Finding } from '../words/finding.ts';
import { deployedAnswers } from './answers.ts';
import type { Command, Invocation } from './command.ts';
import { allFindings, judge, showJudgement } from './judgement.ts';
import { findPlaces, refuseUnfinished, TOOLS_OPTION } from './places.ts';
import { documentOf, verdict } from './report.ts';

export const check: Command = {
  usage: 'check [dir] [flags]',
  summary:
    'Has the real tools judge the files in dir/deploy, and compares them with each other and with the app.',
  takesAnswers: false,
  options: {
    out: { type: 'string', placeholder: 'DIR', help: 'Where the deployment is; default: dir/deploy.' },
    json: {
      type: 'boolean',
      help: 'One JSON document on standard output; text for people on standard error.',
    },
    sarif: {
      type: 'string',
      placeholder: 'FILE',
      help: "Also write the findings in the format of code scanners (SARIF 2.1.0), for a forge's annotations.",
    },
    tools: TOOLS_OPTION,
    strict: { type: 'boolean', help: 'A missing tool is a failure, not a warning.' },
  },
  run,
};

async function run(invocation: Invocation): Promise<number> {
  const { values, terminal, problems } = invocation;
  if (problems.length > 0) throw new AnswersError(problems);
  const places = findPlaces(invocation);
  const { project, shownOut } = places;
  refuseUnfinished(places);
  const resolution = deployedAnswers(places);
  const plan = makePlan(resolution.answers);
  const { detection } = detect(project, {
    framework: plan.framework.kind,
    root: plan.project.root || '.',
  });
  const judgement = await judge('on disk', { plan, kit: render(plan, resolution), detection, places });
  showJudgement(terminal, judgement, plan.framework.title);
  const findings = allFindings(judgement, plan.framework.title);
  const conclusion = concluded(judgement, findings);
  if (conclusion !== undefined) terminal.say(`\n${conclusion}`);
  const status = verdict(findings, values.strict === true);
  if (values.json === true) {
    terminal.document(documentOf(status, findings, { out: shownOut, settings: judgement.advice }));
  }
  if (typeof values.sarif === 'string')
    writeReport(values.sarif, sarif(findings, version, join(shownOut, ANSWERS_FILE)));
  return status;
}

/** The last word, where the files are as they should be; undefined where something is said of them. */
function concluded({ findings, advice }: Judgement, all: readonly Finding[]): string | undefined {
  if (all.length > 0 && all.every(({ accepted }) => accepted !== undefined))
    return 'There is nothing to complain of but what was accepted.';
  if (findings.length > 0) return undefined;
  if (all.length > 0)
    return 'The tools find nothing wrong with the files. The settings above still have to be made.';
  return advice.every(({ state }) => state === 'set')
    ? 'There is nothing to complain of.'
    : 'Nothing was found to be wrong. Whether all settings above are right cannot be told from the source.';
}
