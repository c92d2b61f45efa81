/**
 * What programs make of an ini file: no two of them the same. Python's configparser is what the first three go by.
 * https://docs.python.org/3/library/configparser.html#supported-ini-file-structure
 */

export interface Dialect {
  /** What ends a name. */
  delimiter: RegExp;
  /** A line that is a comment as a whole. */
  comment: RegExp;
  /** A comment behind something else, with the white space before it. */
  behind?: RegExp;
  /**
   * Which line goes on with the value of the one before: one further in than its name, one that begins with white
   * space, or the one behind a backslash. Without it, none does.
   */
  goesOn?: 'deeper' | 'indented' | 'backslash';
  /** Of a name that a section has several times, what counts: of "all", each value is a line. */
  counts: 'first' | 'last' | 'all';
  /** A name with nothing behind it takes back what was said before. */
  emptyTakesBack?: true;
  /** What may stand before a name, and is not a part of it. */
  before?: RegExp;
  /** The value of a name without a delimiter; without it, such a line says nothing. */
  bare?: string;
}

/** What a template's value must be written as, where configparser reads the values and shlex the command lines in them. */
export interface Written {
  name: string;
  /** Names whose value is a command line. https://docs.python.org/3/library/shlex.html */
  commands: ReadonlySet<string>;
  /** What means something inside of a value, where it begins; what follows its first character is cut off by quotes. */
  magic: RegExp;
  /** In words, for errors: what the program makes of it. */
  meaning: string;
  /** What a character must be written as to stand for itself. */
  escape(text: string): string;
}

const ANYWHERE = /^\s*[#;]/;

/** How each program reads. */
export const DIALECTS = {
  /** https://docs.pylonsproject.org/projects/pastedeploy/en/latest/#global-configuration: "set x" overrides a default. */
  paste: { delimiter: /[:=]/, comment: ANYWHERE, goesOn: 'deeper', counts: 'last', before: /^set\s+/ },
  /** UnhosedConfigParser of https://github.com/Supervisor/supervisor/blob/main/supervisor/options.py */
  supervisord: {
    delimiter: /[:=]/,
    comment: ANYWHERE,
    behind: /\s+[;#].*$/,
    goesOn: 'deeper',
    counts: 'last',
  },
  /** StrictConfigParser of https://github.com/circus-tent/circus/blob/master/circus/util.py: the first ";" or none. */
  circus: {
    delimiter: /[:=]/,
    comment: /^[#;]/,
    behind: /(?<=^[^;]*)\s;.*$/,
    goesOn: 'indented',
    counts: 'first',
  },
  /** https://github.com/unbit/uwsgi/blob/uwsgi-2.0/core/ini.c */
  uwsgi: { delimiter: /=/, comment: ANYWHERE, counts: 'all', bare: '1' },
  /** https://www.freedesktop.org/software/systemd/man/latest/systemd.syntax.html */
  systemd: {
    delimiter: /=/,
    comment: ANYWHERE,
    goesOn: 'backslash',
    counts: 'all',
    emptyTakesBack: true,
  },
} as const satisfies Record<string, Dialect>;

/**
 * What is written of supervisord's configuration: `%(name)s` is expanded in every value, and a `;` or `#` behind white
 * space starts a comment, inside of quotes too. http://supervisord.org/configuration.html
 */
export const SUPERVISORD: Written = {
  name: 'supervisord',
  commands: new Set(['command']),
  magic: /\s(?=[;#])/,
  meaning: 'supervisord takes what follows for a comment:',
  escape: (text) => text.replaceAll('%', '%%'),
};

/**
 * What is written of Circus's: a `;` behind white space starts a comment, inside of quotes too; `$(name)` and
 * `((name))` are replaced. https://circus.readthedocs.io/en/latest/configuration/ and replace_gnu_args in
 * https://github.com/circus-tent/circus/blob/master/circus/util.py
 */
export const CIRCUS: Written = {
  name: 'circus',
  commands: new Set(['cmd', 'args']),
  magic: /\s(?=[;#])|\$(?=\(|WID)|\((?=\()/,
  meaning: 'Circus takes for a comment or a variable:',
  escape: (text) => text,
};
