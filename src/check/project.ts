/** What a plan and the project that it is for say of each other: no tool knows that. */
import type { Plan } from '../contract/plan.ts';
import { atLeast } from '../contract/values.ts';
import type { Detection } from '../words/detection.ts';
import type { Finding } from '../words/finding.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import { isTarget, TARGETS } from '../words/targets.ts';
import { likelyValue } from '../words/value.ts';
import { pagesFindings } from './pages.ts';
import { processFindings } from './processes.ts';

/**
 * What does not fit between the deployment and the project.
 *
 * @param read What was read of the project, as `readFor` gives it.
 */
export function projectFindings(plan: Plan, project: ProjectFiles, read: Detection | undefined): Finding[] {
  return [
    ...pythonFindings(plan.target, read),
    ...unnamedFindings(plan),
    ...strayFindings(plan, project),
    ...variableFindings(plan, read),
    ...uploadFindings(plan, project),
    ...processFindings(plan, project, read),
    ...pagesFindings(plan, project),
  ];
}

/** What was read, where it was read of the settings that the answers name; another module's say nothing of these. */
export function readFor({ framework }: Plan, detection: Detection | undefined): Detection | undefined {
  const named = likelyValue(detection?.answers[`${framework.kind}-settings`]);
  return named === undefined || framework.modules.includes(String(named)) ? detection : undefined;
}

/** Uploads that came with the code: the app's first visitors would get what a developer tried. */
function uploadFindings({ media, publishUploads }: Plan, project: ProjectFiles): Finding[] {
  if (publishUploads) return [];
  return media.flatMap(({ inProject, url }): Finding[] => {
    if (inProject === null) return [];
    const isUpload = (path: string) => path.startsWith(`${inProject}/`) && !/(?:^|\/)\.[^/]*$/.test(path);
    const count = project.list().filter(isUpload).length;
    if (count === 0) return [];
    return [
      {
        code: 'uploads-in-project',
        tool: 'project',
        level: 'warning',
        file: inProject,
        message: `${count === 1 ? 'one file lies' : `${count} files lie`} in this folder of uploads, and ${count === 1 ? 'is' : 'are'} not published at ${url}: on the host it begins empty`,
        remedy:
          'Give --publish-uploads if anybody may fetch them; otherwise keep them out of the repository.',
      },
    ];
  });
}

/** What every process has that systemd starts as a user: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment%20Variables%20Set%20or%20Propagated%20by%20the%20Service%20Manager */
const EVERYWHERE = ['PATH', 'LANG', 'USER', 'LOGNAME', 'HOME', 'SHELL', 'INVOCATION_ID', 'RUNTIME_DIRECTORY'];

/** Variables that the app does not start without, and that nobody would be asked for. */
function variableFindings({ environment, framework }: Plan, detection: Detection | undefined): Finding[] {
  const found = detection?.answers.env;
  if (found?.kind !== 'known') return [];
  const there = new Set([
    ...EVERYWHERE,
    ...[...environment.required, ...environment.generated],
    ...[...environment.suggested, ...framework.environment].map(({ name }) => name),
  ]);
  const missing = (found.value as string[]).filter((name) => !there.has(name));
  const [place] = found.from;
  return missing.map((name) => ({
    code: 'variable-unnamed',
    tool: 'project',
    level: 'warning',
    ...(place && missing.length === 1 && { file: place.file }),
    message: `the app does not start without the environment variable ${name}, and the answers do not name it`,
    remedy: `Run "deploy-scaffold init" again with --env ${name} beside the others, so that its value is asked for.`,
  }));
}

/** Answers that name what the project does not have. */
function strayFindings({ project, framework, services }: Plan, files: ProjectFiles): Finding[] {
  const stray = (
    code: Finding['code'],
    message: string,
    level: Finding['level'],
    remedy: string,
  ): Finding => ({
    code,
    tool: 'project',
    level,
    message,
    remedy,
  });
  const there = new Set(files.list());
  const below = project.root === '' ? '' : `${project.root}/`;
  const further = services
    .filter(({ service }) => service.name !== '')
    .map(({ upstream }) => upstream.module);
  const modules = [...new Set([...framework.modules, ...further])].filter((module) => {
    const path = `${below}${module.replaceAll('.', '/')}`;
    return !there.has(`${path}.py`) && !there.has(`${path}/__init__.py`);
  });
  return [
    ...modules.map((module) =>
      stray(
        'module-missing',
        `the module ${module} is not in the project`,
        'warning',
        'See that it comes with a package, or correct the answer.',
      ),
    ),
    ...(project.requirements === null || there.has(project.requirements)
      ? []
      : [
          stray(
            'requirements-missing',
            `there is no file ${project.requirements} in the project`,
            'error',
            'Correct the answer "requirements".',
          ),
        ]),
  ];
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
      code: 'python-too-old',
      tool: 'project',
      level: 'warning',
      ...(place && { file: place.file, line: place.line }),
      message: `the project wants Python ${String(python.value)}, and ${system.title} has ${system.versions.python}`,
      remedy: 'Choose a newer --target, or see that the app runs on that Python.',
    },
  ];
}

/** Without a list of what the app needs, a release is not the app that was tried. */
function unnamedFindings({ project, framework }: Plan): Finding[] {
  if (project.requirements !== null) return [];
  return [
    {
      code: 'requirements-unnamed',
      tool: 'project',
      level: 'warning',
      message: `no requirements file is named: a release gets the newest ${framework.title} and nothing else`,
      remedy: 'Write a requirements.txt, and name it with --requirements.',
    },
  ];
}
