/**
 * An app's configuration, put together as Flask does: each step over those before it.
 * https://flask.palletsprojects.com/en/stable/config/
 */

import type { FoundApp } from '../../detect/apps.ts';
import { believed, believedAround } from '../../detect/forwarded.ts';
import { readable, type SettingReader } from '../../detect/settings.ts';
import { join, lift, withUnless } from '../../evaluate/alternatives.ts';
import { classAttribute } from '../../evaluate/attributes.ts';
import { type Abstract, type Data, NOT_SET, type Proviso, unknown } from '../../evaluate/data.ts';
import type { Evaluator, Use } from '../../evaluate/index.ts';
import { isSet, only } from '../../evaluate/run.ts';
import { joinPurePaths, PROJECT } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { instancePath, rootPath } from './app.ts';

/** One step: what a setting is after it. */
type Step = (name: string, before: Abstract) => Abstract;

/** Reads the app's settings by name. */
export function configReader(project: ProjectFiles, app: FoundApp): SettingReader {
  const uses = usesOf(app).filter(({ name }) => name.startsWith('config') || name === 'secret_key');
  const steps = uses.map((use) => ({ use, step: stepOf(project, app, use) }));
  return (name) =>
    readable(
      steps.reduce<Abstract>((before, { use, step }) => underWhen(use, step(name, before), before), NOT_SET),
    );
}

/** What is done to the app, each by the name that it has there: "config.update", "wsgi_app". */
function usesOf({ evaluate, object }: Pick<FoundApp, 'evaluate' | 'object'>): Use[] {
  const own = evaluate.uses().filter((use) => use.object === object);
  return own.map((use) => ({ ...use, name: use.name.slice(`${object.name}().`.length) }));
}

/** Does configuration also come from variables that begin so? "FLASK" where the app says nothing else. */
export function environmentPrefix(app: FoundApp): string | undefined {
  const use = usesOf(app).find(({ name }) => name === 'config.from_prefixed_env');
  return use && (only(use.args.positional[0] ?? use.args.named.get('prefix'), 'str')?.v ?? 'FLASK');
}

function underWhen({ when, unless }: Use, after: Abstract, before: Abstract): Abstract {
  if (after === before) return before;
  const value = unless.length > 0 ? withUnless(after, ...unless) : after;
  // A condition without words was that of a `try`, in which nothing can fail.
  return when
    .filter(({ condition }) => condition.yes.text !== '')
    .reduceRight<Abstract>(
      (inner, { condition, is }) => (is ? join(condition, inner, before) : join(condition, before, inner)),
      value,
    );
}

function stepOf(project: ProjectFiles, app: FoundApp, { name: method, args, at }: Use): Step {
  const [first, second] = args.positional;
  const none: Step = (_name, before) => before;
  const orElse =
    (unless: string | Proviso): Step =>
    (_name, before) =>
      before === NOT_SET ? before : withUnless(before, unless);
  const silent = only(args.named.get('silent'), 'bool')?.v === true;
  switch (method) {
    case 'config[]':
      return (name, before) => (only(first, 'str')?.v === name && second ? second : before);
    case 'secret_key':
      return (name, before) => (name === 'SECRET_KEY' && first ? first : before);
    case 'config.setdefault':
      return (name, before) =>
        only(first, 'str')?.v === name && before === NOT_SET ? (second ?? before) : before;
    case 'config.update':
    case 'config.from_mapping':
      return (name, before) => args.named.get(name) ?? (first ? entry(first, name, before) : before);
    case 'config.from_object':
      return first ? (name, before) => attributeOf(app.evaluate, first, name) ?? before : none;
    case 'config.from_pyfile': {
      const file = pyfile(project, app, first);
      if (file !== undefined && project.list().includes(file))
        return (name, before) => app.evaluate.module(file)?.get(name) ?? before;
      return orElse(`${file ?? 'its configuration file'} says otherwise on the server`);
    }
    case 'config.from_envvar': {
      const variable = only(first, 'str')?.v ?? 'of its configuration file';
      return orElse(`the file that the environment variable ${variable} names says otherwise`);
    }
    case 'config.from_prefixed_env': {
      const prefix = only(first ?? args.named.get('prefix'), 'str')?.v ?? 'FLASK';
      return (name, before) => orElse(isSet(`${prefix}_${name}`))(name, before);
    }
    case 'config.from_file':
    case 'config.from_json':
      return silent
        ? orElse('a file on the server says otherwise')
        : (_name, before) => (before === NOT_SET ? unknown('it may be set by a file', [at]) : before);
    default:
      return none;
  }
}

/** Where a dict, a class or a module was named is not evidence for what is in it. */
function withoutPlaces(value: Abstract): Abstract {
  return value.map((one) => (one.data.t === 'unknown' ? one : { ...one, from: [] }));
}

function entry(value: Abstract, name: string, before: Abstract): Abstract {
  return lift([withoutPlaces(value)], (data): Data | Abstract => {
    const found = data.t === 'dict' ? data.entries.get(`s${name}`)?.value : undefined;
    return found ?? before;
  });
}

/** An attribute of what from_object names: a class, a module, or the dotted name of either. */
function attributeOf(evaluate: Evaluator, value: Abstract, name: string): Abstract | undefined {
  const members = value.map(({ data }) => memberOf(evaluate, data, name));
  const open = value.some(({ data }) => data.t === 'unknown');
  if (!open && members.every((member) => member === undefined)) return undefined;
  return lift(
    [withoutPlaces(value)],
    (data): Data | Abstract => memberOf(evaluate, data, name) ?? (data.t === 'unknown' ? data : NOT_SET),
    { lenient: true },
  );
}

function memberOf(evaluate: Evaluator, data: Data, name: string): Abstract | undefined {
  if (data.t === 'class') return classAttribute(data, name);
  if (data.t === 'module') return data.file === undefined ? undefined : evaluate.module(data.file)?.get(name);
  if (data.t !== 'str') return undefined;
  const whole = evaluate.locate(data.v)?.file;
  if (whole !== undefined) return evaluate.module(whole)?.get(name);
  const dot = data.v.lastIndexOf('.');
  const file = dot === -1 ? undefined : evaluate.locate(data.v.slice(0, dot))?.file;
  const found = file === undefined ? undefined : evaluate.module(file)?.get(data.v.slice(dot + 1));
  const inner = only(found, 'class');
  return inner && classAttribute(inner, name);
}

/** The file that from_pyfile reads, as a path of the project: beside the app, or in its instance folder. */
function pyfile(project: ProjectFiles, app: FoundApp, value: Abstract | undefined): string | undefined {
  const text = only(value, 'str')?.v ?? only(value, 'path')?.v;
  if (text === undefined) return undefined;
  const relative = only(app.object.args.named.get('instance_relative_config'), 'bool')?.v === true;
  const folder = relative
    ? instancePath(project, app.evaluate, app.object)
    : rootPath(app.evaluate, app.object);
  const path = joinPurePaths(PROJECT, folder, text);
  return path.startsWith(`${PROJECT}/`) ? path.slice(PROJECT.length + 1) : path;
}

/** What the app believes of forwarding headers: by what is wrapped around it where it is loaded, or over its wsgi_app. */
export function proxyFix(app: FoundApp): Abstract {
  const uses = usesOf(app).filter(({ name }) => name === 'wsgi_app');
  return uses.reduce<Abstract>((before, use) => {
    const found = use.args.positional[0] && believed(use.args.positional[0]);
    return found ? underWhen(use, found, before) : before;
  }, believedAround(app));
}
