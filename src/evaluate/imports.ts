/** Import statements, and files that are run in the settings' own scope. */

import { compact, mergeWhen, withEvidence, withUnless } from './alternatives.ts';
import { attribute, moduleAttribute } from './attributes.ts';
import { type Abstract, type CallArguments, type Data, known, NONE, type Scope, unknown } from './data.ts';
import { executeBlock } from './execute.ts';
import { loadModule, MAX_LOADING, warnOfSyntax } from './load.ts';
import type { FoundModule } from './modules.ts';
import { plainItems, textOfData } from './plain.ts';
import { bind, type Frame, find, type ModuleState, only, placeOf, type Run, spend, warn } from './run.ts';
import { type Node, readPython, textOf } from './syntax.ts';

/** Modules that are always there, so that a `try` around their import cannot fail on Python 3. */
const STANDARD = new Set(
  (
    '__future__ abc argparse ast asyncio base64 collections configparser contextlib copy csv datetime decimal email enum ' +
    'functools getpass glob hashlib importlib inspect io ipaddress itertools json locale logging math mimetypes operator ' +
    'os pathlib pickle platform random re secrets shutil signal socket ssl string subprocess sys tempfile textwrap ' +
    'threading time tomllib traceback types typing urllib uuid warnings zoneinfo django'
  ).split(' '),
);

interface ImportedName {
  name: string;
  as: string;
}

interface ImportShape {
  /** undefined for `import a, b`. */
  from: { level: number; dotted: string } | undefined;
  star: boolean;
  names: ImportedName[];
}

function importShape(frame: Frame, node: Node): ImportShape {
  const shape: ImportShape = { from: undefined, star: false, names: [] };
  const words = node.children.map((child) => textOf(frame.source, child));
  let at = 1;
  if (words[0] === 'from') {
    let level = 0;
    while (words[at] === '.' || words[at] === '...') level += words[at++]?.length ?? 0;
    const importAt = node.children.findIndex((child) => child.name === 'import');
    const end = importAt === -1 ? words.length : importAt;
    shape.from = { level, dotted: words.slice(at, end).join('') };
    at = end + 1;
  }
  let current: string[] = [];
  const push = (): void => {
    const asAt = current.indexOf('as');
    const name = (asAt === -1 ? current : current.slice(0, asAt)).join('');
    if (name !== '') shape.names.push({ name, as: asAt === -1 ? '' : (current[asAt + 1] ?? '') });
    current = [];
  };
  for (const word of words.slice(at)) {
    if (word === '*') shape.star = true;
    else if (word === ',') push();
    else if (word !== '(' && word !== ')') current.push(word);
  }
  push();
  return shape;
}

export function importStatement(frame: Frame, node: Node): void {
  const shape = importShape(frame, node);
  if (!shape.from) {
    importModules(frame, shape.names);
    return;
  }
  const { level, dotted } = shape.from;
  const { finder } = frame.run;
  const found = level > 0 ? finder.relative(frame.source.file, level, dotted) : finder.absolute(dotted);
  if (shape.star) {
    importStar(frame, node, found, '.'.repeat(level) + dotted);
    return;
  }
  const at = placeOf(frame, node);
  for (const { name, as } of shape.names) {
    const value = importedName(frame, node, found, shape.from, name);
    bind(frame, as || name, only(value, 'ref') ? value : withEvidence(value, at));
  }
}

function importedName(
  frame: Frame,
  node: Node,
  found: FoundModule | undefined,
  from: { level: number; dotted: string },
  name: string,
): Abstract {
  if (found) {
    const inFile = found.file !== undefined;
    if (inFile || (found.folder !== undefined && frame.run.finder.within(found.folder, name))) {
      return moduleAttribute(frame, { t: 'module', ...found }, name, node);
    }
  }
  const module = '.'.repeat(from.level) + from.dotted;
  if (from.level > 0 || isLocalName(frame.run, from.dotted)) {
    frame.run.hazards?.missing.push(module);
    return unknown(`it comes from the module ${module}, which is not in the project`, [placeOf(frame, node)]);
  }
  noteForeign(frame.run, from.dotted);
  return attribute(frame, node, { t: 'ref', name: from.dotted }, name);
}

function isLocalName(run: Run, dotted: string): boolean {
  const [top = ''] = dotted.split('.');
  return dotted.includes('.') && run.finder.absolute(top)?.file !== undefined;
}

function noteForeign(run: Run, dotted: string): void {
  const [top = ''] = dotted.split('.');
  if (!STANDARD.has(top)) run.hazards?.missing.push(dotted);
}

function importModules(frame: Frame, names: readonly ImportedName[]): void {
  for (const { name, as } of names) {
    const found = frame.run.finder.absolute(name);
    if (found?.file !== undefined) loadModule(frame.run, found.file);
    else if (!found) noteForeign(frame.run, name);
    const [top = name] = name.split('.');
    const bound = as === '' ? top : as;
    const target = as === '' ? frame.run.finder.absolute(top) : found;
    const data: Data = target ? { t: 'module', ...target } : { t: 'ref', name: as === '' ? top : name };
    bind(frame, bound, known(data));
  }
}

function importStar(frame: Frame, node: Node, found: FoundModule | undefined, name: string): void {
  const module = found?.file === undefined ? undefined : loadModule(frame.run, found.file);
  if (!module) {
    importMissingStar(frame, node, name);
    return;
  }
  frame.module.openStars.push(...module.openStars.filter((star) => !frame.module.openStars.includes(star)));
  frame.module.optionalStars.push(...module.optionalStars);
  const listed = module.scope.names.get('__all__');
  const all =
    listed?.length === 1 && listed[0]
      ? plainItems(listed[0].data)?.map((item) => textOfData(item[0]?.data ?? NONE))
      : undefined;
  const names =
    all?.filter((one) => one !== undefined) ??
    [...module.scope.names.keys()].filter((one) => !one.startsWith('_'));
  spend(frame.run, names.length >> 2);
  for (const one of names) {
    const value = module.scope.names.get(one);
    if (value && value !== find(frame.scope, one)) bind(frame, one, overlaid(value, find(frame.scope, one)));
  }
}

/** A name that the imported module sets only under a condition keeps, otherwise, what it had. */
function overlaid(value: Abstract, old: Abstract | undefined): Abstract {
  if (!old || !value.some((one) => one.data.t === 'unset')) return value;
  return compact(
    value.flatMap((one) =>
      one.data.t === 'unset'
        ? old.flatMap((other) => {
            const when = mergeWhen(one.when, other.when);
            return when ? [{ ...other, when }] : [];
          })
        : [one],
    ),
  );
}

/** Everything from a module that is not in the project: any setting so far may be another, and any may be set. */
function importMissingStar(frame: Frame, node: Node, name: string): void {
  const { hazards } = frame.run;
  const unless = `the module ${name}, which is not in the project, sets it`;
  const names = new Set<string>();
  for (let at: Scope | undefined = frame.scope; at; at = at.parent)
    for (const one of at.names.keys()) names.add(one);
  const module = frame.module.scope;
  for (const one of names) {
    if (one.toUpperCase() !== one) continue;
    const value = find(frame.scope, one);
    if (value) module.names.set(one, withUnless(value, unless));
  }
  if (hazards) {
    hazards.missingStar = name;
    frame.module.optionalStars.push({ name, from: placeOf(frame, node) });
  } else if (frame.run.uncertain === 0) {
    frame.module.openStars.push({ name, from: placeOf(frame, node) });
    warn(
      frame.run,
      `${frame.source.file} imports everything from ${name}, which is not in the project`,
      placeOf(frame, node),
    );
  }
}

/**
 * include('base.py', optional('local.py')) of django-split-settings: the files are run in the settings' own scope.
 * https://django-split-settings.readthedocs.io/en/latest/
 */
export function includeFiles(frame: Frame, args: CallArguments): void {
  const folder = frame.source.file.includes('/')
    ? frame.source.file.slice(0, frame.source.file.lastIndexOf('/') + 1)
    : '';
  for (const value of args.positional) {
    const optional = only(value, 'call');
    const pattern = only(
      optional?.name === 'split_settings.tools.optional' ? optional.args.positional[0] : value,
      'str',
    );
    if (!pattern) continue;
    for (const file of matching(frame.run, folder + pattern.v)) {
      const source = readPython(frame.run.project, file);
      const module: ModuleState = { ...frame.module, file, source };
      warnOfSyntax(frame.run, module);
      if (frame.run.loading >= MAX_LOADING) return;
      frame.run.loading++;
      executeBlock({ ...frame, source, module }, source.root);
      frame.run.loading--;
    }
  }
}

function matching(run: Run, pattern: string): string[] {
  if (!pattern.includes('*')) return run.finder.has(pattern) ? [pattern] : [];
  const [before = '', after = ''] = pattern.split('*');
  return run.project
    .list()
    .filter(
      (file) => file.startsWith(before) && file.endsWith(after) && !file.slice(before.length).includes('/'),
    );
}
