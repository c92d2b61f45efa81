/** All that there is to say about a deployment: by the real tools, about the project, about the app's settings. */
import { join } from 'node:path';
import { atLeast } from '../answers/values.ts';
import type { Finding } from '../check/finding.ts';
import { type Advice, adviceFindings } from '../detect/advice.ts';
import type { Detection } from '../detect/detection.ts';
import { likelyValue } from '../detect/value.ts';
import type { Plan } from '../plan/schema.ts';
import type { ReadProject } from '../system/project.ts';
import type { Terminal } from '../system/terminal.ts';
import { isTarget, TARGETS } from '../targets.ts';
import { unitsOfPlan } from '../units.ts';
import type { Places } from './places.ts';
import { showAdvice, showFindings } from './report.ts';

export interface Judgement {
  /** Of the real tools, of the files compared with each other, and of the project as it was read. */
  findings: Finding[];
  advice: Advice[];
}

/** What is judged: the files on disk, those that would be written, or none, only the project. */
export type Subject = 'on disk' | 'rendered' | 'nothing';

export async function judge(
  plan: Plan,
  detection: Detection | undefined,
  places: Places,
  subject: Subject,
): Promise<Judgement> {
  const read = readWith(plan, detection);
  const findings = [
    ...unreadableFindings(places.project),
    ...projectFindings(plan, read),
    ...strayFindings(plan, places.project),
  ];
  if (subject !== 'nothing') {
    const { checkOnDisk, checkRendered } = await import('./checks.ts');
    findings.unshift(...(await (subject === 'rendered' ? checkRendered : checkOnDisk)(plan, places)));
  }
  return { findings, advice: unitsOfPlan(plan).framework.advise(plan, read) };
}

/** What was read, where it was read of the settings that the answers name; another module's say nothing of these. */
function readWith({ framework }: Plan, detection: Detection | undefined): Detection | undefined {
  const named = likelyValue(detection?.answers[`${framework.kind}-settings`]);
  return named === undefined || framework.modules.includes(String(named)) ? detection : undefined;
}

/** Answers that name what the project does not have. */
function strayFindings({ project, framework }: Plan, files: ReadProject): Finding[] {
  const stray = (message: string, level: Finding['level'], remedy: string): Finding => ({
    tool: 'project',
    level,
    message,
    remedy,
  });
  const there = new Set(files.list());
  const below = project.root === '' ? '' : `${project.root}/`;
  const modules = framework.modules.filter((module) => {
    const path = `${below}${module.replaceAll('.', '/')}`;
    return !there.has(`${path}.py`) && !there.has(`${path}/__init__.py`);
  });
  return [
    ...modules.map((module) =>
      stray(
        `the module ${module} is not in the project`,
        'warning',
        'See that it comes with a package, or correct the answer.',
      ),
    ),
    ...(project.requirements === null || there.has(project.requirements)
      ? []
      : [
          stray(
            `there is no file ${project.requirements} in the project`,
            'error',
            'Correct the answer "requirements".',
          ),
        ]),
  ];
}

/** What this user may not read: settings there would pass for settings that nobody made. */
function unreadableFindings({ folder, unreadable }: ReadProject): Finding[] {
  return unreadable.map((path) => ({
    tool: 'project',
    level: 'unchecked',
    file: join(folder, path),
    message: 'it cannot be read, so that what it says of the project is not known',
    remedy: 'Run this as a user who may read the project.',
  }));
}

/** A project that asks for a newer Python than the host's system has. */
function pythonFindings(target: Plan['target'], detection: Detection | undefined): Finding[] {
  const python = detection?.facts.python;
  if (python?.kind !== 'known' || !isTarget(target.id)) return [];
  const system = TARGETS[target.id];
  const wanted = /^(?:>=|~=|\^|==|~)?\s*(\d+\.\d+)/.exec(String(python.value).trim())?.[1];
  const [place] = python.from;
  if (wanted === undefined || atLeast(system.versions.python, wanted)) return [];
  return [
    {
      tool: 'project',
      level: 'warning',
      ...(place && { file: place.file, line: place.line }),
      message: `the project wants Python ${String(python.value)}, and ${system.title} has ${system.versions.python}`,
      remedy: 'Choose a newer --target, or see that the app runs on that Python.',
    },
  ];
}

/** What was odd in the project's source. */
function projectFindings({ project, framework, target }: Plan, detection: Detection | undefined): Finding[] {
  const warnings = (detection?.warnings ?? []).map(
    ({ message, from: [place] }): Finding => ({
      tool: 'project',
      level: 'warning',
      ...(place && { file: place.file, line: place.line }),
      message,
      remedy: 'See that the answers fit: what could not be read was not taken into account.',
    }),
  );
  warnings.push(...pythonFindings(target, detection));
  if (project.requirements !== null) return warnings;
  return warnings.concat({
    tool: 'project',
    level: 'warning',
    message: `no file of requirements is named: a release gets the newest ${framework.title} and nothing else`,
    remedy: 'Write a requirements.txt, and name it with --requirements.',
  });
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
