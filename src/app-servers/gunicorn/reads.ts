/** gunicorn's own configuration file, which is Python. https://docs.gunicorn.org/en/stable/settings.html */

import {
  type Account,
  type EarlierFiles,
  type Fate,
  NOTHING,
  type Said,
  type Statement,
} from '../../contract/earlier.ts';
import { account, variablesAccount } from '../../detect/deployment/accounts.ts';
import { answersOf, fateOfOption } from '../../detect/deployment/servers.ts';
import { evaluator } from '../../evaluate/index.ts';
import { parentFolder } from '../../evaluate/modules.ts';
import { lineOf, type Node, parsePython, statementsOf, textOf } from '../../evaluate/syntax.ts';
import { toValue } from '../../evaluate/to-value.ts';
import { type DefinedName, definedNames } from '../../formats/gunicorn/names.ts';
import { GUNICORN_SETTINGS } from '../../formats/gunicorn/settings.ts';
import type { ProjectFiles } from '../../words/project-files.ts';

/** The formula of gunicorn's own documentation, as "auto" has it. https://docs.gunicorn.org/en/stable/design.html#how-many-workers */
const CORES = /=\s*\(?(?:2\s*\*\s*)?(?:\w+\.)*cpu_count\(\)\s*\)?\s*(?:\*\s*2\s*)?(?:\+\s*1)?\s*(?:#.*)?$/;

export const earlierGunicorn: EarlierFiles = {
  unit: 'gunicorn',
  start: false,
  is: (name) => /gunicorn[\w.-]*\.py$/.test(name),
  // It may have any name, where a command line gives it.
  named: (file) => file.endsWith('.py'),
  read: readGunicorn,
};

function readGunicorn(project: ProjectFiles, file: string): Said {
  const text = project.read(file) ?? '';
  const lines = text.split('\n');
  const module = evaluator(project, { roots: [parentFolder(file), ''], follow: () => false }).module(file);
  const answers: Statement[] = [];
  const accounts: Account[] = [];
  for (const defined of definedNames(file, text)) {
    const { name, line, kind } = defined;
    const at = { file, line };
    const value = toValue<unknown>(module?.get(name) ?? [], { base: '' });
    const known = value.kind === 'known' ? value.value : undefined;
    const given = CORES.test(lines[line - 1] ?? '') ? 'auto' : known;
    const isSetting = GUNICORN_SETTINGS.has(name);
    const meant =
      isSetting && kind === 'value' ? answersOf('gunicorn', name.replaceAll('_', '-'), given) : undefined;
    if (meant) answers.push(...meant.map((one) => ({ ...one, at })));
    accounts.push(meant ? account(name, name, at, 'taken') : settingAccount(defined, known, at));
  }
  return { ...NOTHING, answers, accounts: [...accounts, ...otherStatements(file, text)] };
}

/** A name that gives no answer: a setting, a hook, or a help to others. */
function settingAccount({ name, kind, used }: DefinedName, value: unknown, at: Account['at']): Account {
  if (!GUNICORN_SETTINGS.has(name))
    return account(name, `${name}, which is no setting of gunicorn`, at, used ? 'taken' : 'unknown');
  if (kind === 'function') return account(name, `the hook ${name}()`, at, 'server');
  const fate = fateOfOption('gunicorn', name);
  if (fate === 'environment' && Array.isArray(value))
    return variablesAccount(
      name,
      `${name} `,
      value.map((one) => String(one).split('=')[0] ?? ''),
      at,
    );
  return account(name, `gunicorn's setting ${name}`, at, fate);
}

/** What is run when the file is loaded, and defines no name. */
function otherStatements(file: string, text: string): Account[] {
  const source = parsePython(file, text);
  const accountsOf = (statement: Node): Account[] => {
    const [first = ''] = textOf(source, statement).split('\n');
    // What stands behind a parenthesis or an equals sign may be a secret.
    const shown = first.replace(/\(.*$/, '(...)').replace(/\s*=.*$/, '');
    const said = (fate: Fate) => [
      account('statement', shown, { file, line: lineOf(source, statement.from) }, fate),
    ];
    switch (statement.name) {
      case 'Comment':
      case 'FunctionDefinition':
      case 'DecoratedStatement':
        return [];
      case 'AssignStatement':
        if (statement.broken) return said('unknown');
        return /^[\w.]+(?:\.\w+|\[.*\])\s*=/.test(first) ? said('server') : [];
      case 'ImportStatement':
      case 'ClassDefinition':
      case 'PassStatement':
        return said('decided');
    }
    const bodies = bodiesOf(statement);
    if (bodies.length > 0)
      return [...said('decided'), ...bodies.flatMap((body) => statementsOf(body).flatMap(accountsOf))];
    return said(/^[rub]*["']/i.test(first) ? 'decided' : 'server');
  };
  return statementsOf(source.root).flatMap(accountsOf);
}

/** What stands below an if, a try or the like. */
function bodiesOf(statement: Node): Node[] {
  return statement.children.flatMap((child) =>
    child.name === 'Body' ? [child] : /^Match(?:Body|Clause)$/.test(child.name) ? bodiesOf(child) : [],
  );
}
