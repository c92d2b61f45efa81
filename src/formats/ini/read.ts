/** ini files of a project, as the program that a file is for would have them. */
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';
import type { Dialect } from './dialects.ts';
import { type IniEntry, parseIni } from './parse.ts';

export interface Entry {
  value: string;
  at: Evidence;
}

export interface Section {
  at: Evidence;
  entries: ReadonlyMap<string, Entry>;
}

/** A file by its sections: "app:main", "DEFAULT". */
export type Ini = ReadonlyMap<string, Section>;

/** What counts in a file; interpolation is left for when a value is asked for. A file that is not there has nothing. */
export function readIni(project: ProjectFiles, file: string, dialect: Dialect): Ini {
  const sections = new Map<string, Section & { entries: Map<string, Entry> }>();
  for (const { name, line, entries } of parseIni(project.read(file) ?? '', dialect).sections) {
    const section = sections.get(name) ?? { at: { file, line }, entries: new Map<string, Entry>() };
    sections.set(name, section);
    for (const entry of entries) add(section.entries, entry, file, dialect);
  }
  return sections;
}

function add(
  entries: Map<string, Entry>,
  { name, value, line }: IniEntry,
  file: string,
  { counts, emptyTakesBack }: Dialect,
): void {
  const earlier = entries.get(name);
  if (emptyTakesBack && value === '') entries.delete(name);
  else if (earlier === undefined || counts !== 'first') {
    const all = earlier !== undefined && counts === 'all' ? `${earlier.value}\n${value}` : value;
    entries.set(name, { value: all, at: { file, line } });
  }
}
