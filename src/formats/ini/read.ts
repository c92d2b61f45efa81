/** ini files, as configparser reads them. https://docs.python.org/3/library/configparser.html#supported-ini-file-structure */
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';

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

/**
 * Reads it as configparser does, but that interpolation is left for when a value is asked for.
 *
 * @param repeats an entry that is there twice has both values, a line each, as systemd and uWSGI have it.
 */
export function readIni(project: ProjectFiles, file: string, repeats = false): Ini {
  const sections = new Map<string, Section & { entries: Map<string, Entry> }>();
  let entries: Map<string, Entry> | undefined;
  let last: Entry | undefined;
  (project.read(file)?.split(/\r?\n/) ?? []).forEach((raw, index) => {
    const at = { file, line: index + 1 };
    const header = /^\[([^\]]+)\]/.exec(raw)?.[1]?.trim();
    if (/^\s*[#;]/.test(raw) || raw.trim() === '') return;
    if (header !== undefined) {
      const section = sections.get(header) ?? { at, entries: new Map<string, Entry>() };
      sections.set(header, section);
      entries = section.entries;
      last = undefined;
    } else if (/^\s/.test(raw) && last !== undefined) {
      last.value = `${last.value}\n${raw.trim()}`.trim();
    } else {
      const end = raw.search(/[:=]/);
      if (end < 1 || entries === undefined) return;
      last = { value: raw.slice(end + 1).trim(), at };
      // "set x" overrides a default: https://docs.pylonsproject.org/projects/pastedeploy/en/latest/#global-configuration
      const name = raw
        .slice(0, end)
        .replace(/^set\s+/, '')
        .trim();
      const earlier = repeats ? entries.get(name) : undefined;
      if (earlier !== undefined) last.value = `${earlier.value}\n${last.value}`;
      entries.set(name, last);
    }
  });
  return sections;
}
