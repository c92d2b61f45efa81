/** What the earlier deployment says, as answers: where the app's own source says nothing, or says less. */

import type { Account, Apart, Background, Deployment, Part, Statement } from '../../contract/earlier.ts';
import type { Detection } from '../../words/detection.ts';
import { type Evidence, same, type Value } from '../../words/value.ts';
import { OF_SERVICES, sureServices, unitAnswers } from '../services/entry.ts';
import { databaseKind } from '../settings.ts';
import { account, decidedOf, notTakenOf } from './accounts.ts';

/** A detection, and what the project's earlier deployment adds to it. */
export function withDeployment(part: Part, detection: Detection): Detection {
  const services = sureServices(part, detection).map(({ apart }) => apart);
  const deployment = withoutServices(part.earlier(), services);
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
  const accounts = [
    ...deployment.accounts.map((one) =>
      isServed(one, answers) ? { ...one, fate: 'decided' as const } : one,
    ),
    ...deployment.answers
      .filter((one) => !fitting(detection, deployment)(one) && one.value !== 'gunicorn')
      .map(({ answer, value, at }) =>
        account('', `${answer} ${String(value)} does not go with the app as it was found`, at, 'answers'),
      ),
  ];
  return {
    ...detection,
    answers,
    facts:
      python !== undefined && (facts.python === undefined || facts.python.kind === 'absent')
        ? { ...facts, python: { kind: 'known', value: python.version, from: [python.at] } }
        : facts,
    notTaken: notTakenOf(accounts),
    decided: decidedOf(accounts),
  };
}

/** What is said of the app, where others at paths of their own are services: what each was started with is its own. */
function withoutServices(deployment: Deployment, services: readonly Apart[]): Deployment {
  const starts = services.map(({ app }) => app.start);
  const ofUnits = services.flatMap(({ app }) => unitAnswers(app, deployment));
  const isOwn = (one: Statement) =>
    ofUnits.includes(one) || starts.some(({ answers }) => answers.includes(one));
  const own = starts.flatMap(({ app = '', answers }) =>
    answers
      .filter(({ answer }) => !OF_SERVICES.includes(answer) && answer !== 'app-server')
      .map(({ answer, value, at }) => account(answer, `${answer} ${String(value)} of ${app}`, at, 'answers')),
  );
  const leads = (at: Evidence) => services.some((one) => same(one.at, at));
  const texts = deployment.accounts.flatMap(({ at, fate, text }) =>
    fate === 'services' && leads(at) ? [text] : [],
  );
  const isTaken = ({ fate, text, at }: Account) =>
    fate === 'services' && (texts.includes(text) || leads(at) || isUpstreamOf(text, texts));
  return {
    ...deployment,
    answers: deployment.answers.filter((one) => !isOwn(one)),
    accounts: [...deployment.accounts.map((one) => (isTaken(one) ? takenWithPath(one) : one)), ...own],
  };
}

/** What leads to a service is taken over with its path, and each rule beside that is listed. */
function takenWithPath({ isPart: _part, ...one }: Account): Account {
  if (LEADS.test(one.name)) return { ...one, fate: 'taken' };
  return { ...one, text: `${one.text}: ${one.name}`, fate: 'web' };
}

/** What every path to a service has, and what a site has its own of. */
const LEADS =
  /^(?:location|upstream|server|(?:proxy|uwsgi)_pass|proxy_(?:set_header|http_version|redirect|buffering)|uwsgi_param|proxypass|include|keepalive|access_log|error_log)$/i;

/** "upstream live", where "location /live/ goes to live". */
const isUpstreamOf = (text: string, texts: readonly string[]) =>
  texts.some((one) => text === `upstream ${one.split(' ').at(-1)}`);

/** The source says nothing of it, or nothing that could be known. */
function isOpen(value: Value<unknown> | undefined): boolean {
  return value === undefined || value.kind === 'absent' || value.kind === 'unknown';
}

/** It is about files that the web server sends by an answer. */
function isServed({ url, fate }: Account, answers: Detection['answers']): boolean {
  if (url === undefined || fate === 'taken') return false;
  const path = url.replace(/\/?$/, '/');
  return ['static', 'media', 'protected'].some((name) => {
    const found = answers[name];
    const mounts = found?.kind === 'known' || found?.kind === 'default' ? found.value : undefined;
    return typeof mounts === 'object' && mounts !== null && Object.hasOwn(mounts, path);
  });
}

/** Which answers go with the app as it was found. */
function fitting({ answers }: Detection, { answers: said }: Deployment): (one: Statement) => boolean {
  const { interface: spoken } = answers;
  const isWsgi = spoken?.kind === 'known' && spoken.value === 'wsgi';
  const server = said.find(({ answer }) => answer === 'app-server')?.value ?? 'gunicorn';
  return ({ answer }) =>
    answer === 'app-server'
      ? isWsgi
      : answer === 'live-timeout'
        ? !isWsgi
        : answer !== 'gunicorn-worker' || (isWsgi && server === 'gunicorn');
}

/** Answers by name; of several that differ the likeliest, with what the other says. */
function takenOver(detection: Detection, deployment: Deployment): Record<string, Value<unknown>> {
  const byName = new Map<string, Statement[]>();
  for (const one of deployment.answers.filter(fitting(detection, deployment)))
    byName.set(one.answer, [...(byName.get(one.answer) ?? []), one]);
  return Object.fromEntries(
    [...byName].map(([name, [first, ...rest]]) => [
      name,
      name === 'background-timeout' ? longest(first as Statement, rest) : likeliest(first as Statement, rest),
    ]),
  );
}

function likeliest({ value, at }: Statement, rest: readonly Statement[]): Value<unknown> {
  const other = rest.find((one) => !same(one.value, value));
  if (other === undefined) return { kind: 'known', value, from: [at] };
  const unless = `the live site runs by ${other.at.file}:${other.at.line}, which has ${inWords(other.value)}`;
  return { kind: 'default', value, unless, from: [at] };
}

/** A map as the flags of its answer have it: "MemoryMax=1G, TasksMax=64". */
function inWords(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return String(value);
  return Object.entries(value)
    .map(([key, one]) => `${key}=${one}`)
    .join(', ');
}

/** One answer is for all that works in the background. */
function longest(first: Statement, rest: readonly Statement[]): Value<unknown> {
  const one = rest.reduce((a, b) => (Number(b.value) > Number(a.value) ? b : a), first);
  return { kind: 'known', value: one.value, from: [one.at] };
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

/** Options that name a file which Celery writes. https://docs.celeryq.dev/en/stable/reference/cli.html */
const WRITES = /^(?:--(?:schedule|schedule-filename|pidfile|logfile|statedb)|-[sf])$/;

/**
 * Celery's beat keeps its file in the folder that it is started in, which is not a place to write on the host; nor is any
 * other but {state}.
 */
function scheduled(command: string): string {
  if (!/\bcelery\b/.test(command)) return command;
  const placed = command.replaceAll(
    /(?<=\s)(-[a-zA-Z]|--[\w-]+)([=\s])([^\s{]+)/g,
    (whole, name, between, path) =>
      WRITES.test(name) ? `${name}${between}{state}/${path.split('/').at(-1)}` : whole,
  );
  const isBeat = /\bbeat\b|\s-B\b|\s--beat\b/.test(placed);
  const hasPlace = /\s(?:-s|--schedule(?:-filename)?|-S|--scheduler)[\s=]/.test(placed);
  return isBeat && !hasPlace ? `${placed} --schedule {state}/celerybeat-schedule` : placed;
}
