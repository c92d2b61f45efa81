/**
 * Requirement files, read by their grammar rather than by a pattern.
 * https://pip.pypa.io/en/stable/reference/requirements-file-format/ and https://peps.python.org/pep-0508/
 */
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';

/** One requirement: a normalised name, and its version clauses. */
export interface Requirement {
  /** Lower case, with single hyphens: https://peps.python.org/pep-0503/#normalized-names */
  name: string;
  /** [["==", "23.0.0"]]; empty if any version will do, or if it comes from a URL. */
  clauses: [operator: string, version: string][];
  from: Evidence;
}

const MAX_FILES = 30;

/** The requirements of a file and of those that it includes by `-r`. Files that are not there are left out. */
export function readRequirements(project: ProjectFiles, file: string): Requirement[] {
  const seen = new Set<string>();
  const visit = (path: string): Requirement[] => {
    if (seen.has(path) || seen.size >= MAX_FILES) return [];
    seen.add(path);
    const text = project.read(path);
    if (text === undefined) return [];
    return logicalLines(text).flatMap(({ text: line, number }) => {
      const included = optionValue(line, '-r', '--requirement');
      if (included !== undefined) return visit(resolve(path, included));
      const requirement = parseRequirement(line);
      return requirement ? [{ ...requirement, from: { file: path, line: number } }] : [];
    });
  };
  return visit(file);
}

/** Lines with continuations joined and comments taken off, each with its number. */
function logicalLines(text: string): { text: string; number: number }[] {
  const lines: { text: string; number: number }[] = [];
  let pending = '';
  let start = 0;
  text.split('\n').forEach((raw, index) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (pending === '') start = index + 1;
    if (line.endsWith('\\')) {
      pending += `${line.slice(0, -1)} `;
      return;
    }
    const whole = withoutComment(pending + line).trim();
    pending = '';
    if (whole !== '') lines.push({ text: whole, number: start });
  });
  const last = withoutComment(pending).trim();
  if (last !== '') lines.push({ text: last, number: start });
  return lines;
}

/** pip takes `#` for a comment at the start of a line and after white space. */
function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at !== -1; at = line.indexOf('#', at + 1)) {
    const before = line[at - 1];
    if (before === undefined || before === ' ' || before === '\t') return line.slice(0, at);
  }
  return line;
}

function optionValue(line: string, ...names: string[]): string | undefined {
  for (const name of names) {
    if (!line.startsWith(name)) continue;
    const rest = line.slice(name.length);
    if (rest.startsWith(' ') || rest.startsWith('=') || rest.startsWith('\t')) return rest.slice(1).trim();
    if (name.length === 2 && rest !== '' && !rest.startsWith('-')) return rest.trim();
  }
  return undefined;
}

function resolve(from: string, relative: string): string {
  const segments = from.split('/').slice(0, -1);
  for (const part of relative.split('/')) {
    if (part === '..') segments.pop();
    else if (part !== '.' && part !== '') segments.push(part);
  }
  return segments.join('/');
}

/** `name [extras] (clauses) ; marker`, or `name @ url`; undefined for options, paths and bare URLs. */
export function parseRequirement(text: string): Omit<Requirement, 'from'> | undefined {
  if (text.startsWith('-')) return undefined;
  let at = 0;
  while (at < text.length && isNameCharacter(text[at] as string)) at++;
  const name = text.slice(0, at);
  if (name === '') return undefined;
  while (text[at] === ' ' || text[at] === '\t') at++;
  if (text[at] === '[') {
    const close = text.indexOf(']', at);
    if (close === -1) return undefined;
    at = close + 1;
  }
  // Markers, and pip's own options after the requirement (--hash), end the clauses.
  const rest = (text.slice(at).split(';')[0] ?? '').split(' --')[0]?.trim() ?? '';
  if (rest.startsWith('@')) return { name: normaliseName(name), clauses: [] };
  const clauses = parseClauses(rest.startsWith('(') ? rest.slice(1, rest.indexOf(')')) : rest);
  return clauses && { name: normaliseName(name), clauses };
}

function isNameCharacter(char: string): boolean {
  return (
    (char >= 'a' && char <= 'z') ||
    (char >= 'A' && char <= 'Z') ||
    (char >= '0' && char <= '9') ||
    char === '-' ||
    char === '_' ||
    char === '.'
  );
}

/** "Flask_SQLAlchemy" and "flask.sqlalchemy" are one project. */
function normaliseName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('_', '-')
    .replaceAll('.', '-')
    .split('-')
    .filter((part) => part !== '')
    .join('-');
}

const OPERATORS = ['===', '==', '~=', '!=', '<=', '>=', '<', '>'];

function parseClauses(text: string): [string, string][] | undefined {
  if (text === '') return [];
  const clauses: [string, string][] = [];
  for (const part of text.split(',')) {
    const clause = part.trim();
    if (clause === '') continue;
    const operator = OPERATORS.find((one) => clause.startsWith(one));
    if (!operator) return undefined;
    clauses.push([operator, clause.slice(operator.length).trim()]);
  }
  return clauses;
}

/** The one version that a requirement allows; undefined if it allows several. */
export function pinnedVersion(requirement: Pick<Requirement, 'clauses'>): string | undefined {
  const exact = requirement.clauses.find(([operator]) => operator === '==' || operator === '===');
  return exact && !exact[1].endsWith('*') ? exact[1] : undefined;
}
