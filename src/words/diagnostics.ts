/**
 * The kinds of diagnostic, by codes that stay: scripts and scanners name them. docs/diagnostics.md is written from here.
 */

interface Kind {
  /** What was seen, as the heading of an entry. */
  title: string;
  /** Why it matters, and what to do in general; what a diagnostic says itself is about its own case. */
  text: string;
}

export const DIAGNOSTICS = {
  'tool-missing': {
    title: 'A tool is missing',
    text: 'The files that only this tool understands were not judged. Install it, or name its folder with `--tools`. The installer asks the same tools on the host before it changes anything there.',
  },
  'tool-too-old': {
    title: "A tool is older than the host's",
    text: 'What it says about newer directives would be wrong, so it was not run. Check on a machine with the version named in the message.',
  },
  'tool-failed': {
    title: 'A tool did not work',
    text: 'It did not start, ended without a result, or its output was not understood. Run the command by hand to see why.',
  },
  'tool-passed-over': {
    title: 'A program of the project was passed over',
    text: 'A project is read, never run. Name the folder with `--tools` if the program is yours.',
  },
  'edit-not-judged': {
    title: 'An edited file cannot be judged without running it',
    text: 'Somebody edited a generated file so that its tool would run or load something. The installer asks the tool on the host before anything live is touched; without it, do so by hand.',
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
    text: 'systemd ignores what it does not know, so a setting silently has no effect.',
  },
  'supervisord-complains': {
    title: 'supervisord complains of its configuration',
    text: 'It does not start with a wrong value, and ignores names that it does not know.',
  },
  'circus-complains': {
    title: 'Circus complains of its configuration',
    text: 'It does not start with a wrong value, and ignores names that it does not know.',
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
    text: 'A line that adds a header can drop all inherited ones: the browser is then no longer told how to treat what it gets, or the app who the client is.',
  },
  'sandbox-open': {
    title: 'The sandbox is more open than the generated one',
    text: '`systemd-analyze security` counts what a broken-in app could reach. Put the settings back, or know what each of them opens.',
  },
  'acceptance-idle': {
    title: 'Something is accepted that nothing says',
    text: 'What `accept` names was not found. Take it out, so that it does not let pass what is to come.',
  },
  'file-missing': {
    title: 'A file of the deployment is not there',
    text: '`deploy-scaffold init` writes it again.',
  },
  'file-unknown': {
    title: 'A file does not belong to this deployment',
    text: 'deploy-scaffold did not write it, and the installer leaves it out: what it does is not done on the host.',
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
    text: 'Settings in it would be taken as not set.',
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
  'services-proposed': {
    title: 'The project shows several services',
    text: 'Nothing but the app was deployed, since the rest may be served elsewhere. Take the answers that are named, or say that the app is alone: `paths: {}`.',
  },
  'python-too-old': {
    title: "The target's Python is older than the project wants",
    text: 'Choose a newer `--target`, or see that the app runs on that Python.',
  },
  'requirements-unnamed': {
    title: 'No requirements file is named',
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
  'layer-in-memory': {
    title: 'A channel layer is in the memory of one process',
    text: 'Several processes serve the app, and a message reaches only the visitors of the one that sent it. Take a layer that all of them reach, such as Redis.',
  },
  'scheduler-repeated': {
    title: 'Each process starts a scheduler',
    text: 'Every job is then done by each of them. Start the scheduler in a process of its own, by the answer `background`.',
  },
  'system-hidden': {
    title: 'The app reads what the sandbox hides',
    text: 'Below `/proc` it sees processes alone, and nothing of the memory, load or network of the host. `--sandbox ProcSubset=all` shows it all.',
  },
  'stream-cut': {
    title: 'An event stream is served by one request at a time',
    text: 'A visitor who listens takes a whole process from all others, which is replaced when the time for a request is over. Serve the app as ASGI, or with threads.',
  },
  'setting-wrong': {
    title: 'A setting of the app does not fit the deployment',
    text: 'The finding has the line to write. The run-book has all of them together.',
  },
  'settings-unbringable': {
    title: 'A release cannot bring settings to this app',
    text: 'Usually a release sets beside the app what it lacks. Here the app would not take it, so the lines have to be written by hand; [settings.md](settings.md) says when that is so.',
  },
  'answer-missing': {
    title: 'An answer is missing',
    text: 'Neither a person nor the project gives it, and there is no default that would do.',
  },
  'answer-invalid': {
    title: 'An answer has an invalid value',
    text: 'The message says what is allowed. [answers.md](answers.md) has all answers.',
  },
  'answer-unknown': {
    title: 'There is no such answer',
    text: 'It is misspelt, or from a newer version. It would have had no effect.',
  },
  'answer-misplaced': {
    title: 'An answer does not apply here',
    text: 'It belongs to a choice that was not made, and would have had no effect.',
  },
  'answer-unasked': {
    title: 'The project alone names a folder of the host',
    text: "The folder may be somebody else's. A project does not decide that it is served or written to: a person has to say so.",
  },
  'answers-contradict': {
    title: 'Answers contradict each other',
    text: 'Each would do by itself. Change the one that was not meant.',
  },
  'answers-file-missing': {
    title: 'The answers file is missing',
    text: '`--answers` names a YAML or JSON file, or `-` for standard input.',
  },
  'answers-file-unreadable': {
    title: 'A file of answers cannot be read',
    text: 'It is not valid YAML, or is not what a file of answers is. `deploy-scaffold schema` prints the JSON Schema, for editors.',
  },
  'path-taken': {
    title: 'Two things are to be at one path',
    text: 'A path of a site leads to one service or one folder. Give one of the two another path.',
  },
  'path-shadowed': {
    title: 'A path lies where the web server sends files',
    text: 'What is below the URL of `static`, `media` or `protected` is sent from disk, so no service or folder can be there. Take a path beside it.',
  },
  'service-name-taken': {
    title: 'The name of a service is taken',
    text: 'Units, sockets and folders of a service are named after it, so no other service, and no process in the background, can have the name.',
  },
  'source-public': {
    title: "A folder with the project's source is to be public",
    text: 'Whatever lies in a folder that a path leads to can be fetched by anybody. Name the folder that a build writes, which has nothing else in it.',
  },
  'page-folder-missing': {
    title: 'A folder that a path leads to is not there',
    text: 'A build may write it later, but before the project is brought to the host: the installer runs none, and stops where the folder has no `index.html`.',
  },
  'link-public': {
    title: 'A link leads out of a folder that is to be public',
    text: 'A release has such a folder apart from the rest of the project, so the link would lead to something else there, or nowhere; and what it is meant to lead to may be for nobody to fetch. Put a copy of the file there; the installer refuses such a link too.',
  },
  'probe-elsewhere': {
    title: 'The health check of a service belongs to something else',
    text: 'The page is asked for through the web server, and its path leads to another service or to a folder: an answer would say nothing of the service that it is to prove. Name a page below the path of the service.',
  },
  'answers-file-newer': {
    title: 'A file of answers is newer than this program',
    text: 'Its `version` is one that this deploy-scaffold does not know, so that what it says may mean something else. Nothing was read of it or written: update deploy-scaffold.',
  },
  'units-refused': {
    title: 'Two choices do not go together',
    text: '[units.md](units.md) has what each unit refuses, why, and the nearest that works.',
  },
  'value-unwritable': {
    title: 'A value cannot be written to a file',
    text: "The file's syntax cannot express it, and a wrong file would be worse than none.",
  },
  'flag-unknown': {
    title: 'There is no such flag',
    text: '`--help` behind a command lists its flags.',
  },
  'flag-misused': {
    title: 'A flag lacks its value, or has one that it does not take',
    text: 'A value that begins with a dash is written `--flag=-value`.',
  },
  'word-unexpected': {
    title: 'There is one word too many',
    text: 'A command takes one folder at most. Quote a folder name that contains a space.',
  },
  'shell-unknown': {
    title: 'There is no completion for that shell',
    text: '`deploy-scaffold completion` takes `bash`, `zsh` or `fish`.',
  },
  'no-project': {
    title: 'No app was found',
    text: 'Nothing in the folder is an app of a framework that deploy-scaffold reads. [detect.md](detect.md) says what it looks for.',
  },
  'several-apps': {
    title: 'Several apps were found',
    text: 'None of them is clearly the one that is meant. [detect.md](detect.md) says by which signs one would be.',
  },
  'no-such-app': {
    title: 'A flag names an app that does not exist',
    text: '`deploy-scaffold detect` lists those that exist.',
  },
  'project-folder-unusable': {
    title: "The project's folder cannot be used",
    text: 'It is not there, is not a folder, or may not be read by this user.',
  },
  'no-deployment': {
    title: 'There is no deployment to check',
    text: '`deploy-scaffold init` writes one.',
  },
  'edit-in-the-way': {
    title: 'Edited files would be overwritten',
    text: 'Nothing was written. On a terminal each of them is shown and asked about; elsewhere somebody has to decide first.',
  },
  'out-refused': {
    title: 'A folder must not be written to',
    text: "It belongs to the system, is somebody's home, or a link in the project leads there.",
  },
  'tools-folder-missing': {
    title: 'The folder of tools is not there',
    text: '`--tools` names a folder that has programs, such as `.venv/bin`.',
  },
  'file-unusable': {
    title: 'A file or folder cannot be read or written',
    text: 'The message has the reason that the system gives. What was begun has been put back.',
  },
  'run-unfinished': {
    title: 'An earlier run was cut off',
    text: 'Some files are old and some new. The next `deploy-scaffold init` finishes what that run had decided.',
  },
  'run-under-way': {
    title: 'Another run is writing there',
    text: 'Two at the same time would mix their files.',
  },
  'run-foreign': {
    title: 'What looks like an earlier run is not from this folder',
    text: 'It came with a repository or a copy, and could write what nobody decided here. Remove it.',
  },
  bug: {
    title: 'This is a bug in deploy-scaffold',
    text: 'Whatever the project or the answers have in them, this must not happen. Please report it.',
  },
} as const satisfies Record<string, Kind>;

/** The code of a diagnostic. */
export type Code = keyof typeof DIAGNOSTICS;
