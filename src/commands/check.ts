/** check: every validator on what is on disk. */
import { join } from 'node:path';
import { version } from '../../package.json';
import { readAnswersFile } from '../answers/file.ts';
import { AnswersError } from '../answers/problem.ts';
import { resolveAnswers } from '../answers/resolve.ts';
import { sarif } from '../check/sarif.ts';
import { detect } from '../detect/index.ts';
import { tracePlan } from '../plan/plan.ts';
import { UserError } from '../system/error.ts';
import { writeReport } from '../system/report-file.ts';
import { readTextFile } from '../system/tree.ts';
import { ANSWERS_FILE } from '../words/answers-file.ts';
import type { Command, Invocation } from './command.ts';
import { allFindings, judge, showJudgement } from './judgement.ts';
import { kitOf } from './kit-files.ts';
import { findPlaces, refuseUnfinished, TOOLS_OPTION } from './places.ts';
import { verdict } from './report.ts';

export const check: Command = {
  usage: 'check [dir] [flags]',
  summary:
    'Has the real tools judge the files in dir/deploy, and compares them with each other and with the app.',
  takesAnswers: false,
  options: {
    out: { type: 'string', placeholder: 'DIR', help: 'Where the deployment is; default: dir/deploy.' },
    json: { type: 'boolean', help: "One JSON document on standard output; people's text on standard error." },
    sarif: {
      type: 'string',
      placeholder: 'FILE',
      help: "The findings in the format of code scanners (SARIF 2.1.0) too, for a forge's annotations.",
    },
    tools: TOOLS_OPTION,
    strict: { type: 'boolean', help: 'A tool that is missing is a failure, not a warning.' },
  },
  run,
};

async function run(invocation: Invocation): Promise<number> {
  const { values, terminal, problems } = invocation;
  if (problems.length > 0) throw new AnswersError(problems);
  const places = findPlaces(invocation);
  const { project, out, shownOut } = places;
  refuseUnfinished(places);
  const text = readTextFile(out, ANSWERS_FILE);
  if (text === undefined) {
    throw new UserError(`there is no deployment in ${shownOut}`, 'Write one first: deploy-scaffold init');
  }
  const file = readAnswersFile(text, join(shownOut, ANSWERS_FILE));
  if (file.problems.length > 0) throw new AnswersError(file.problems);
  const resolution = resolveAnswers([{ insistent: true, answers: file.answers }]);
  if (resolution.problems.length > 0) throw new AnswersError(resolution.problems);

  const traced = tracePlan(resolution.answers);
  const plan = traced.value;
  const { detection } = detect(project, { framework: plan.framework.kind, root: plan.project.root || '.' });
  const judgement = await judge('on disk', { plan, kit: kitOf(traced, resolution), detection, places });
  showJudgement(terminal, judgement, plan.framework.title);
  const findings = allFindings(judgement, plan.framework.title);
  if (judgement.findings.length === 0)
    terminal.say(
      findings.length === 0
        ? '\nThere is nothing to complain of.'
        : '\nThe tools find nothing to complain of in the files. The settings above are still to be made.',
    );
  const status = verdict(findings, values.strict === true);
  if (values.json === true) {
    terminal.document({ status, out: shownOut, findings, settings: judgement.advice });
  }
  if (typeof values.sarif === 'string')
    writeReport(values.sarif, sarif(findings, version, join(shownOut, ANSWERS_FILE)));
  return status;
}
