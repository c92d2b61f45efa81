/**
 * What the installer asks of the units: the shell functions (POSIX sh) that the install.sh of each unit defines, by the
 * answer that chooses the unit, each with what it has to do. They see the installer's own functions and variables: `$tree`
 * is the folder of the new files, `$release` that of the new release, `$work` one for what is made on the way. They end
 * with 0 where all is well, and otherwise say why by `problem`, or by `wrong` before anything is changed. Frameworks have
 * none: what a release runs for them stands in the plan.
 */
export const INSTALLER_HOOKS = {
  'web-server': {
    web_server_preflight:
      'Before anything is changed: is this host one that the files were written for, and is the place of the site free?',
    web_server_logs: 'Makes the log files, as the rotation of the host would.',
    web_server_wants:
      "Is a file of the tree ($1) to be put there? The part deliveries/debian/others.sh answers for all: the one that refuses unknown names is not, where that is another site's affair.",
    web_server_stage:
      "Stages what has to change in the host's own files beside those of the tree, by put_file, put_link, take_away and displace.",
    web_server_validate:
      'Has the web server itself judge the staged files together with those of its other sites, before they are in place.',
    web_server_apply:
      'Has it serve by the files that are in place now; fails where it goes on with its old ones.',
    web_server_workers: 'Prints the numbers of the processes that serve.',
    web_server_sound: 'Is it there, and does it accept the configuration that it has now?',
    web_server_owns: 'Is a file ($1) part of its configuration?',
  },
  'app-server': {
    app_server_validate:
      'Copies its files to the release, and has it judge them and load the app, as the service runs.',
    app_server_trial:
      'Serves the release beside the live one by the function trial, and succeeds where the page comes.',
  },
  'process-manager': {
    process_manager_provide: 'Installs it, where it is not there.',
    process_manager_validate:
      'Has it judge its new files, with the new release in the place of the live one.',
    process_manager_start:
      'Starts the app anew from the files that are in place. Its socket stays open, unless that is what has changed.',
    process_manager_main: "Prints the numbers of the app's main processes.",
    process_manager_holds: 'Does the app run, and did it not have to be restarted?',
    process_manager_healthy: 'Does what works in the background stay up?',
    background_start: 'Starts what works in the background anew, which first finishes what it has in hand.',
    service_lines:
      'Prints how the app runs, as lines of a service of systemd, so that a trial runs the same way.',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
