/** Files that say exactly which versions are installed, and how the program that wrote one gives it to pip. */

export interface Lock {
  /** Its name, which is always the same. */
  file: string;
  /** The program's name. */
  manager: string;
  /** What it needs beside the lock. */
  beside: string;
  /** What pip installs to have the program. */
  distributions: readonly string[];
  /** Prints the packages of the live site, each with its hashes, as pip reads them. */
  command: readonly string[];
}

export const LOCKS: readonly Lock[] = [
  {
    // https://docs.astral.sh/uv/concepts/projects/export/
    file: 'uv.lock',
    manager: 'uv',
    beside: 'pyproject.toml',
    distributions: ['uv'],
    command: [
      'uv',
      'export',
      '--quiet',
      '--frozen',
      '--no-dev',
      '--no-emit-project',
      '--no-python-downloads',
    ],
  },
  {
    // https://github.com/python-poetry/poetry-plugin-export
    file: 'poetry.lock',
    manager: 'poetry',
    beside: 'pyproject.toml',
    distributions: ['poetry', 'poetry-plugin-export'],
    command: ['poetry', 'export', '--only', 'main'],
  },
  {
    // https://pdm-project.org/en/latest/usage/lockfile/#export-locked-packages-to-alternative-formats
    file: 'pdm.lock',
    manager: 'pdm',
    beside: 'pyproject.toml',
    distributions: ['pdm'],
    command: ['pdm', 'export', '--prod', '--format', 'requirements'],
  },
  {
    // https://pipenv.pypa.io/en/latest/commands.html#requirements
    file: 'Pipfile.lock',
    manager: 'pipenv',
    beside: 'Pipfile',
    distributions: ['pipenv'],
    command: ['pipenv', 'requirements', '--hash'],
  },
];

/** The kind of lock that a file is, by its name; undefined for a list of requirements or a package. */
export function lockOf(path: string): Lock | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return LOCKS.find(({ file }) => file === name);
}
