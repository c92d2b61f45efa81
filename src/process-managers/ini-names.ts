/** Names in the ini files of programs that silently pass over what they do not know. */
import { distance } from 'fastest-levenshtein';
import type { Risk, TreeFile } from '../contract/validator.ts';
import type { Dialect } from '../formats/ini/dialects.ts';
import { parseIni } from '../formats/ini/parse.ts';
import type { Finding } from '../words/finding.ts';

/** The names that a program knows, by the kind of section: "program" for "[program:shop]". */
export type KnownNames = Readonly<Record<string, ReadonlySet<string>>>;

/** Each section and each name of the file that the program would pass over. */
export function strangeNames(
  { tool, code }: Pick<Finding, 'tool' | 'code'>,
  file: TreeFile,
  dialect: Dialect,
  known: KnownNames,
  docs: string,
): Finding[] {
  const findings: Finding[] = [];
  const strange = (line: number, what: string, name: string, names: Iterable<string>) => {
    const nearest = [...names].sort((a, b) => distance(a, name) - distance(b, name))[0];
    const hint = nearest !== undefined && distance(nearest, name) < 4 ? ` Did you mean ${nearest}?` : '';
    findings.push({
      ...{ code, tool, level: 'error', file: file.shown, line },
      message: `${tool} does not know the ${what} '${name}', and passes over it`,
      remedy: `Correct it, or take it out.${hint} ${docs}`,
    });
  };
  for (const section of parseIni(file.text, dialect).sections) {
    const kind = section.name.replace(/:.*$/, '');
    const names = Object.hasOwn(known, kind) ? known[kind] : undefined;
    if (names === undefined) strange(section.line, 'section', kind, Object.keys(known));
    else
      for (const { name, line } of section.entries) if (!names.has(name)) strange(line, 'name', name, names);
  }
  return findings;
}

/** A line, no comment, that has what `pattern` says and is not just `known`: the program does more for it than read. */
export function riskOfLine(
  { text }: Pick<TreeFile, 'text'>,
  pattern: RegExp,
  known: RegExp,
  because: string,
): Risk | undefined {
  const lines = text.split(/\r\n?|\n/).map((line) => line.trim());
  const index = lines.findIndex((line) => pattern.test(line) && !/^[#;]/.test(line) && !known.test(line));
  return index === -1 ? undefined : { because, line: index + 1 };
}

/** The words of a text, as a set of names. */
export const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
