/** The scripts that have a shell complete the command line, from what there is to complete. */

/** A flag, or what may stand in the place of a command's word. */
interface Completable {
  /** What may be written as it is; files, folders; or a text that nobody can guess. */
  value: readonly string[] | 'file' | 'folder' | 'text' | 'none';
}

export interface CompletableFlag extends Completable {
  /** Without the dashes. */
  name: string;
  short?: string;
  help: string;
}

/** A command as a shell completes it: its name, its flags, and the word behind it. */
export interface CompletableCommand extends Completable {
  name: string;
  summary: string;
  flags: readonly CompletableFlag[];
}

type Script = (commands: readonly CompletableCommand[]) => string;

/** Each is what the shell is to evaluate. */
export const SCRIPTS = { bash, zsh, fish } as const satisfies Record<string, Script>;

/** One word for a POSIX shell, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html; as old as macOS has it, 3.2. */
function bash(commands: readonly CompletableCommand[]): string {
  const lines = (words: readonly string[]) => quoted(words.join('\n'));
  const offer = ({ value }: Completable) => {
    if (value === 'file' || value === 'folder')
      return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -${value === 'file' ? 'f' : 'd'} -- "$word")); return`;
    return typeof value === 'string' ? 'return' : `words=${lines(value)}`;
  };
  const cases = commands.flatMap((command) => {
    const valued = command.flags.filter(({ value }) => value !== 'none');
    return [
      ...valued.map((flag) => `    ${quoted(`${command.name} --${flag.name}`)}) ${offer(flag)} ;;`),
      `    ${quoted(command.name)}' '*) case $word in -*) words=${lines(writings(command.flags))} ;; *) ${offer(command)} ;; esac ;;`,
    ];
  });
  return `# Completion for bash: eval "$(deploy-scaffold completion bash)"
_deploy_scaffold() {
  local IFS=$'\\n' word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words=
  # Of --flag=value bash makes three words.
  if [ "$word" = = ]; then word=; elif [ "$before" = = ]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    words=${lines(commands.map(({ name }) => name))}
  else case "\${COMP_WORDS[1]} $before" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -F _deploy_scaffold deploy-scaffold
`;
}

/** https://zsh.sourceforge.io/Doc/Release/Completion-System.html#Completion-Functions, under _arguments. */
function zsh(commands: readonly CompletableCommand[]): string {
  const escaped = (text: string) => text.replace(/[\\:[\]]/g, '\\$&');
  const action = { file: '_files', folder: '_files -/', text: ' ', none: '' };
  const actionOf = ({ value }: Completable) =>
    typeof value === 'string' ? action[value] : `(${value.join(' ')})`;
  const specs = ({ name, short, help, ...flag }: CompletableFlag) => {
    const [equals, value] = flag.value === 'none' ? ['', ''] : ['=', `:value:${actionOf(flag)}`];
    const long = `*--${name}${equals}[${escaped(help)}]${value}`;
    return (short === undefined ? [long] : [long, `*-${short}[${escaped(help)}]${value}`]).map(quoted);
  };
  const cases = commands.map((command) => {
    const word = command.value === 'none' ? [] : [quoted(`:${command.name}:${actionOf(command)}`)];
    const all = [...command.flags.flatMap(specs), ...word].map((spec) => ` \\\n      ${spec}`).join('');
    return `    ${command.name}) _arguments${all} ;;`;
  });
  return `#compdef deploy-scaffold
# Completion for zsh: eval "$(deploy-scaffold completion zsh)", behind compinit.
_deploy_scaffold() {
  local -a commands=(${commands.map(({ name, summary }) => quoted(`${name}:${escaped(summary)}`)).join(' ')})
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${cases.join('\n')}
  esac
}
# As a file in $fpath it is called; evaluated, it says what it is for.
if [ "$funcstack[1]" = _deploy-scaffold ]; then _deploy_scaffold; else compdef _deploy_scaffold deploy-scaffold; fi
`;
}

/** https://fishshell.com/docs/current/cmds/complete.html */
function fish(commands: readonly CompletableCommand[]): string {
  const text = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;
  const folders = text('(__fish_complete_directories)');
  const take = ({ value }: Completable) => {
    if (value === 'none') return '';
    if (value === 'file') return ' -r -F';
    return ` -x${value === 'text' ? '' : ` -a ${value === 'folder' ? folders : text(value.join(' '))}`}`;
  };
  const flag = (command: string, { name, short, help, ...rest }: CompletableFlag) =>
    `complete -c deploy-scaffold -n '__deploy_scaffold_is ${command}' -l ${name}${
      short === undefined ? '' : ` -s ${short}`
    }${take(rest)} -d ${text(help)}`;
  const lines = commands.flatMap((command) => [
    `complete -c deploy-scaffold -n __deploy_scaffold_begins -a ${command.name} -d ${text(command.summary)}`,
    ...(command.value === 'none'
      ? []
      : [`complete -c deploy-scaffold -n '__deploy_scaffold_is ${command.name}'${take(command)}`]),
    ...command.flags.map((one) => flag(command.name, one)),
  ]);
  return `# Completion for fish: deploy-scaffold completion fish | source
function __deploy_scaffold_begins
    test (count (commandline -opc)) -eq 1
end
function __deploy_scaffold_is
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test $words[2] = $argv[1]
end
complete -c deploy-scaffold -f
${lines.join('\n')}
`;
}

/** All that a flag can be written as. */
function writings(flags: readonly CompletableFlag[]): string[] {
  return flags.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
}
