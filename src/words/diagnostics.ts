/**
 * The kinds of finding, by codes that stay: scripts and scanners name them. docs/diagnostics.md is written from here.
 */

interface Kind {
  /** What was seen, as the heading of an entry. */
  title: string;
  /** Why it matters, and what to do in general; what a finding says itself is about its own case. */
  text: string;
}

export const DIAGNOSTICS = {
  'tool-missing': {
    title: 'A tool is not here',
    text: 'The files that only this tool understands were not judged. Install it, or name its folder with `--tools`. The installer asks the same tools on the host before it changes anything there.',
  },
  'tool-too-old': {
    title: "A tool is older than the host's",
    text: 'What it says of newer directives would be wrong, so it was not asked. Check on a machine with the version that the message names.',
  },
  'tool-failed': {
    title: 'A tool could not judge',
    text: 'It did not start, ended without an answer, or said something that is not understood. Run the command by hand to see why.',
  },
  'tool-passed-over': {
    title: 'A program of the project was passed over',
    text: 'A project is read, never run. Name the folder with `--tools` if the program is yours.',
  },
  'edit-not-judged': {
    title: 'An edited file would have to be run to be judged',
    text: 'Somebody edited a generated file so that its tool would run or load something. The installer has it judged on the host, before anything live is touched.',
  },
  'nginx-complains': {
    title: 'nginx complains of a file',
    text: 'nginx does not start with what it calls an error. Correct the line that it names.',
  },
  'apache-complains': {
    title: 'Apache complains of a file',
    text: 'Apache does not start with what it calls an error. Correct the line that it names.',
  },
  'gunicorn-complains': {
    title: 'gunicorn does not know or does not take a setting',
    text: 'gunicorn passes over names that it does not know, and does not start with a wrong value.',
  },
  'uwsgi-complains': {
    title: 'uWSGI does not take an option',
    text: 'uWSGI does not start with it.',
  },
  'systemd-complains': {
    title: 'systemd complains of a unit',
    text: 'systemd passes over what it does not know, so that a setting silently has no effect.',
  },
  'supervisord-complains': {
    title: 'supervisord complains of its configuration',
    text: 'It does not start with a wrong value, and passes over names that it does not know.',
  },
  'circus-complains': {
    title: 'Circus complains of its configuration',
    text: 'It does not start with a wrong value, and passes over names that it does not know.',
  },
  'sh-complains': {
    title: 'A script is not valid shell',
    text: 'The installer would stop in the middle. Correct the line that is named.',
  },
  'shellcheck-warns': {
    title: 'shellcheck warns of a line',
    text: 'Each of its warnings has a page of its own, which the finding links.',
  },
  'gixy-warns': {
    title: "gixy warns of a weakness of nginx's files",
    text: 'Each of its checks has a page of its own, which the finding links.',
  },
  'python-unreadable': {
    title: 'A Python file is not valid Python',
    text: 'The app server would not start with it.',
  },
  'header-lost': {
    title: 'A location has lost headers',
    text: 'A line that adds a header can take away all those that were inherited: the browser is then no longer told how to treat what it gets, or the app is no longer told who asks.',
  },
  'sandbox-open': {
    title: 'The sandbox is more open than the generated one',
    text: '`systemd-analyze security` counts what a broken-in app could reach. Put the settings back, or know what each of them opens.',
  },
  'file-missing': {
    title: 'A file of the deployment is not there',
    text: '`deploy-scaffold init` writes it again.',
  },
  'file-unknown': {
    title: 'A file is not of this deployment',
    text: 'The installer would put it on the host, and nothing would take it away again.',
  },
  'file-strange': {
    title: 'A file has a name or content that no tool is given',
    text: 'Its name, or a NUL in it, could be taken for something else on a command line or in a configuration.',
  },
  'value-disagrees': {
    title: 'Two files no longer agree',
    text: 'An edit changed in one file what another still relies on, such as the socket between the web server and the app server. Change the answer that both follow from.',
  },
  'project-unreadable': {
    title: 'A part of the project cannot be read',
    text: 'Settings there would pass for settings that nobody made.',
  },
  'project-link-outside': {
    title: 'A link leads out of the project',
    text: "It is not followed: whatever it leads to, a stranger's project has no business with it.",
  },
  'project-source-odd': {
    title: "Something in the project's source was not understood",
    text: 'It was not taken into account. See that the answers fit.',
  },
  'project-leaves-open': {
    title: 'The project leaves an answer open',
    text: 'The default was taken, which is no more than a guess. Give the answer.',
  },
  'python-too-old': {
    title: "The target's Python is older than the project wants",
    text: 'Choose a newer `--target`, or see that the app runs on that Python.',
  },
  'requirements-unnamed': {
    title: 'No file of requirements is named',
    text: 'A release would have the newest framework and nothing else.',
  },
  'requirements-missing': {
    title: 'The file of requirements is not there',
    text: 'The first installation would fail.',
  },
  'module-missing': {
    title: 'A module that the answers name is not in the project',
    text: 'It may come with a package; otherwise the app does not start.',
  },
  'variable-unnamed': {
    title: 'The app does not start without a variable that nobody is asked for',
    text: 'Name it with `--env`, so that the installer asks for its value.',
  },
  'uploads-in-project': {
    title: 'Uploads lie in the project',
    text: 'They came with the code, perhaps by mistake, and are not published. `--publish-uploads` publishes them.',
  },
  'setting-wrong': {
    title: 'A setting of the app does not fit the deployment',
    text: 'The finding has the line to write. The run-book has all of them together.',
  },
} as const satisfies Record<string, Kind>;

/** The code of a finding. */
export type Code = keyof typeof DIAGNOSTICS;
