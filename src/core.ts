/**
 * The one way through, without effects: the files of a project and the answers of a person become a plan, files, and
 * what is to be said of them. The commands add what reads, asks, writes and prints; a page in a browser can do without
 * them.
 *
 *     const choice = detect(project);
 *     const resolution = resolve([given, ...projectLayers(project, choice)]);
 *     const plan = makePlan(resolution.answers);
 *     const files = render(plan, resolution);
 *     const changes = changesOf(files, onDisk, asLastWritten);
 *     const { findings, advice } = judge(plan, project, choice.detection, resolution);
 */
import { templates as compiled } from '#templates';
import { openFindings } from './answers/open.ts';
import { serviceFindings } from './answers/proposed.ts';
import { DEFAULT, type Resolution } from './answers/resolve.ts';
import { projectFindings, readFor } from './check/project.ts';
import type { Plan } from './contract/plan.ts';
import { type Choice, detect as detectAmong, type Wish } from './detect/index.ts';
import { DETECTIONS } from './detections.ts';
import { blamed } from './kit/blame.ts';
import { type GeneratedFile, renderKit } from './kit/kit.ts';
import { makePlan, tracePlan } from './plan/plan.ts';
import { planOfService } from './plan/services.ts';
import type { CompiledTemplate } from './render/template.ts';
import { unitsOfPlan } from './units.ts';
import type { Advice } from './words/advice.ts';
import type { Detection, Obstacle } from './words/detection.ts';
import type { Finding } from './words/finding.ts';
import type { ProjectFiles } from './words/project-files.ts';

export { projectLayers } from './answers/detected.ts';
export { readAnswersFile, writeAnswersFile } from './answers/file.ts';
export { AnswersError } from './answers/problem.ts';
export { resolveAnswers as resolve } from './answers/resolve.ts';
export { changesOf } from './kit/changes.ts';
export { makePlan } from './plan/plan.ts';

/** The templates, compiled when deploy-scaffold was built (scripts/templates.mjs). */
const templates: Readonly<Record<string, CompiledTemplate>> = compiled;

/**
 * What the project is, by the units that there are.
 *
 * @param wish The app that is meant, where there are several: by its framework, or the folder that it is started in.
 */
export function detect(project: ProjectFiles, wish?: Wish): Choice {
  return detectAmong(project, DETECTIONS, wish);
}

/**
 * Every file of the deployment.
 *
 * @param resolution The answers that the plan was made of, and where they came from.
 * @throws AnswersError that names the answers whose values a file cannot hold, and where they came from.
 */
export function render(plan: Plan, resolution: Resolution): GeneratedFile[] {
  try {
    return renderKit(plan, templates);
  } catch (error) {
    // Here alone is asked what its parts follow from; the same answers give the same plan.
    throw blamed(error, tracePlan(resolution.answers).origins, resolution);
  }
}

/**
 * The answers, with the settings that a release has to bring since the app does not have them right (`brings`). Where none
 * can be brought, `settings` is "own". Both follow from the project and from all other answers, unless a person gave them.
 */
export function withBrought(resolution: Resolution, detection: Detection | undefined): Resolution {
  const { sources, problems } = resolution;
  const { settings, brings, ...others } = resolution.answers;
  const isOpen = (name: string, value: unknown) => value === undefined || sources[name] === DEFAULT;
  const isDecided = !isOpen('brings', brings) || (settings === 'own' && !isOpen('settings', settings));
  if (problems.length > 0 || isDecided) return resolution;
  const plan = makePlan({ ...others, settings: 'bring', brings: [] });
  const read = readFor(plan, detection);
  const lacking = lackingOf(plan, read);
  const cannot = read?.unbringable?.all !== undefined && lacking.length > 0;
  const answers =
    cannot && isOpen('settings', settings)
      ? { settings: 'own' }
      : { settings: 'bring', brings: cannot ? [] : lacking };
  return {
    ...resolution,
    answers: { ...others, ...answers },
    sources: { ...sources, settings: sources.settings ?? DEFAULT, brings: DEFAULT },
  };
}

/** Settings that the app does not have right and a release could bring, if nothing stood in the way of all of them. */
function lackingOf(plan: Plan, read: Detection | undefined): string[] {
  const none = { ...plan, framework: { ...plan.framework, own: false, brought: [] } };
  const free = read && { ...read, unbringable: { ...read.unbringable, all: undefined } };
  const advice = unitsOfPlan(plan).framework.advise(planOfService(none, 0), free);
  return advice.filter(({ lacks }) => lacks === true).map(({ setting }) => setting);
}

function unbringable({ because, from: [place] }: Obstacle): Finding {
  return {
    ...{ code: 'settings-unbringable', tool: 'project', level: 'warning' },
    ...(place && { file: place.file, line: place.line }),
    message: `a release cannot bring the settings that are missing: ${because}`,
    remedy: 'Write them yourself, as the run-book says; the answer is settings: own.',
  };
}

/** What is to be said of a plan and the project that it is for, before any tool is asked. */
export interface Judgement {
  findings: Finding[];
  /** What the app itself must set to agree with the rest, and whether it does. */
  advice: Advice[];
}

/**
 * What is odd in the project's source, and what does not fit between it and the plan.
 *
 * @param resolution The answers, where they were just made: what the project leaves open, and a default decided, is
 *   told too. Without it all answers count as a person's own.
 */
export function judge(
  plan: Plan,
  project: ProjectFiles,
  detection: Detection | undefined,
  resolution?: Resolution,
): Judgement {
  const read = readFor(plan, detection);
  const advice = unitsOfPlan(plan).framework.advise(planOfService(plan, 0), read);
  const all = read?.unbringable?.all;
  const obstacle = all !== undefined && lackingOf(plan, read).length > 0 ? all : undefined;
  return {
    findings: [
      ...(read?.warnings ?? []),
      ...(obstacle === undefined ? [] : [unbringable(obstacle)]),
      ...projectFindings(plan, project, read),
      ...(resolution === undefined
        ? []
        : [...openFindings(detection, resolution), ...serviceFindings(detection, resolution)]),
    ],
    advice,
  };
}
