/** What the earlier deployment says, as answers: where the app's own source says nothing, or says less. */

import type { Background, Deployment, Part, Remark, Statement } from '../../contract/earlier.ts';
import type { Detection } from '../../words/detection.ts';
import type { Evidence, Value } from '../../words/value.ts';
import { databaseKind } from '../settings.ts';

/** A detection, and what the project's earlier deployment adds to it. */
export function withDeployment(part: Part, detection: Detection): Detection {
  const deployment = part.earlier();
  const { facts } = detection;
  const answers = { ...detection.answers };
  for (const [name, value] of Object.entries(takenOver(detection, deployment))) {
    if (isOpen(answers[name])) answers[name] = value;
  }
  const database = isOpen(answers.database) ? databaseBeside(deployment) : undefined;
  if (database !== undefined) answers.database = database;
  const background = backgroundOf(answers.background, deployment.background);
  if (background !== undefined) answers.background = background;
  const { python } = deployment;
  return {
    ...detection,
    answers,
    facts:
      python !== undefined && (facts.python === undefined || facts.python.kind === 'absent')
        ? { ...facts, python: { kind: 'known', value: python.version, from: [python.at] } }
        : facts,
    notTaken: distinct(deployment.leftOver),
  };
}

/** The source says nothing of it, or nothing that could be known. */
function isOpen(value: Value<unknown> | undefined): boolean {
  return value === undefined || value.kind === 'absent' || value.kind === 'unknown';
}

/** Answers by name; of several that differ the likeliest, with what the other says. */
function takenOver({ answers }: Detection, { answers: said }: Deployment): Record<string, Value<unknown>> {
  const { interface: spoken } = answers;
  const isWsgi = spoken?.kind === 'known' && spoken.value === 'wsgi';
  const server = said.find(({ answer }) => answer === 'app-server')?.value ?? 'gunicorn';
  const fits = ({ answer }: Statement) =>
    answer === 'app-server'
      ? isWsgi
      : answer === 'live-timeout'
        ? !isWsgi
        : answer !== 'gunicorn-worker' || (isWsgi && server === 'gunicorn');
  const byName = new Map<string, Statement[]>();
  for (const one of said.filter(fits)) byName.set(one.answer, [...(byName.get(one.answer) ?? []), one]);
  return Object.fromEntries(
    [...byName].map(([name, [first, ...rest]]) => [name, likeliest(first as Statement, rest)]),
  );
}

function likeliest({ value, at }: Statement, rest: readonly Statement[]): Value<unknown> {
  const other = rest.find((one) => JSON.stringify(one.value) !== JSON.stringify(value));
  if (other === undefined) return { kind: 'known', value, from: [at] };
  const unless = `the live site runs by ${other.at.file}:${other.at.line}, which has ${String(other.value)}`;
  return { kind: 'default', value, unless, from: [at] };
}

/** A database that is started beside the app, where the app's source names none. */
function databaseBeside({ images }: Deployment): Value<string> | undefined {
  for (const { name, at } of images) {
    const image = name.split('@')[0]?.split(':')[0]?.split('/').at(-1) ?? '';
    const kind = databaseKind(image);
    if (kind !== 'postgresql' && kind !== 'mysql') continue;
    return {
      kind: 'default',
      value: kind,
      unless: `the app does not use the ${image} beside it`,
      from: [at],
    };
  }
  return undefined;
}

/** What was run beside the app, and of what the source has found the kinds of work that are not among it. */
function backgroundOf(
  found: Value<unknown> | undefined,
  run: readonly Background[],
): Value<Record<string, string>> | undefined {
  if (run.length === 0) return undefined;
  const commands: Record<string, string> = {};
  const from: Evidence[] = [];
  for (const { name, command, at } of run) {
    const names = [name, ...Array.from({ length: run.length }, (_, index) => `${name}-${index + 2}`)];
    commands[names.find((one) => !Object.hasOwn(commands, one)) ?? name] = scheduled(command);
    from.push(at);
  }
  if (found?.kind === 'known') {
    const has = (kind: string) => run.some(({ command }) => new RegExp(`\\b${kind}\\b`).test(command));
    for (const [name, command] of Object.entries(found.value as Record<string, string>))
      if (!has(name) && !Object.hasOwn(commands, name)) commands[name] = command;
    from.push(...found.from);
  }
  return { kind: 'known', value: commands, from };
}

/** Celery's beat keeps its file in the folder that it is started in, which is not a place to write on the host. */
function scheduled(command: string): string {
  const isBeat = /\bcelery\b.*(?:\bbeat\b|\s-B\b|\s--beat\b)/.test(command);
  const hasPlace = /\s(?:-s|--schedule(?:-filename)?|-S|--scheduler)[\s=]/.test(command);
  return isBeat && !hasPlace ? `${command} --schedule {state}/celerybeat-schedule` : command;
}

function distinct(remarks: readonly Remark[]): Remark[] {
  return [...new Map(remarks.map((one) => [one.text, one])).values()];
}
