/** init: detect, ask, render, check, write. */
import { dirname, join, relative } from 'node:path';
import type { Delivery } from '../contract/delivery.ts';
import { makePlan, projectLayers, render } from '../core.ts';
import { deliveryOf } from '../deliveries/index.ts';
import type { Terminal } from '../system/terminal.ts';
import { collectAnswers, undecidedFile } from './answers.ts';
import type { Command, Invocation } from './command.ts';
import { allFindings, judge, showJudgement } from './judgement.ts';
import { answersFile, changesOnDisk, sayStrays, settled, write } from './kit-files.ts';
import { findPlaces, finishEarlier, type Places, refuseUnfinished, TOOLS_OPTION } from './places.ts';
import { documentOf, isFailure, showChanges, verdict } from './report.ts';

export const init: Command = {
  usage: 'init [dir] [flags]',
  summary:
    'Reads the project in dir (default: this folder), asks what it cannot know, and writes the deployment to dir/deploy. Without a terminal, or with --yes, it asks nothing.',
  takesAnswers: true,
  options: {
    yes: { type: 'boolean', short: 'y', help: 'Ask nothing: take what was found, then the defaults.' },
    answers: {
      type: 'string',
      placeholder: 'FILE',
      help: 'Answers from a YAML or JSON file, - for standard input; flags win over it.',
    },
    out: { type: 'string', placeholder: 'DIR', help: 'Where to write; default: dir/deploy.' },
    'dry-run': { type: 'boolean', help: 'Show what would be written; write nothing.' },
    json: {
      type: 'boolean',
      help: 'One JSON document on standard output; text for people on standard error.',
    },
    'no-check': { type: 'boolean', help: 'Do not run the real tools.' },
    tools: TOOLS_OPTION,
    strict: { type: 'boolean', help: 'A missing tool is a failure, not a warning.' },
  },
  run,
};

async function run(invocation: Invocation): Promise<number> {
  const { values, terminal } = invocation;
  const places = findPlaces(invocation);
  const dryRun = values['dry-run'] === true;
  if (dryRun) refuseUnfinished(places);
  else finishEarlier(places, terminal);
  const { resolution, choice } = await collectAnswers(invocation, places);
  const plan = makePlan(resolution.answers);
  const kit = render(plan, resolution);
  const files = [answersFile(resolution, places.out), ...kit];
  sayStrays(places, terminal);
  const changes = await settled(changesOnDisk(files, places.out), invocation);

  if (!dryRun) {
    const undecided = undecidedFile(resolution, projectLayers(places.project, choice));
    await write(places.out, files, changes, undecided);
  }
  showChanges(terminal, changes, places.shownOut, dryRun);
  const subject = values['no-check'] === true ? 'nothing' : dryRun ? 'kit' : 'on disk';
  const judgement = await judge(subject, { plan, kit, detection: choice.detection, resolution, places });
  showJudgement(terminal, judgement, plan.framework.title);
  const findings = allFindings(judgement, plan.framework.title);
  if (!dryRun) {
    const errors = findings.filter(isFailure).length;
    showNext(terminal, places, deliveryOf(plan.delivery.kind), errors);
  }
  const status = verdict(findings, values.strict === true);
  if (values.json === true) {
    const { answers, sources } = resolution;
    const files = changes.map(({ path, kind }) => ({ path, change: kind }));
    const settings = judgement.advice;
    terminal.document(
      documentOf(status, findings, { out: places.shownOut, answers, sources, files, settings }),
    );
  }
  return status;
}

/** @param errors How many findings have to be seen to first. */
function showNext(
  terminal: Terminal,
  { project, out, shownOut }: Places,
  { installer }: Delivery,
  errors: number,
): void {
  terminal.say();
  if (errors > 0)
    terminal.say(
      errors === 1
        ? 'There is an error above: correct it before the first installation.'
        : `There are ${errors} errors above: correct them before the first installation.`,
    );
  terminal.say(`Next: read ${join(shownOut, 'README.md')}.`);
  if (installer === undefined) return;
  const script = relative(project.folder, join(out, installer));
  // The installer takes the folder that holds its own for the project.
  const source = dirname(out) === project.folder ? '' : ' --source .';
  terminal.say(`Then, in a copy of the project on the host: sudo sh ${script}${source}`);
}
