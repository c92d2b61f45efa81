/**
 * What the installer asks of the units: the shell functions (POSIX sh) that the install.sh of each unit defines, by the
 * answer that chooses the unit, each with what it has to do. They see the installer's own functions and variables: `$tree`
 * is the folder of the new files, `$release` that of the new release, `$work` one for what is made on the way. They return
 * 0 if all is well, and otherwise say why with `problem`, or with `wrong` before anything is changed. Frameworks have
 * none: what a release runs for them is in the plan. A function of each service ends in the service's suffix, which is
 * empty for the site's own: `app_server_trial{{service.suffix}}`.
 */
export const INSTALLER_HOOKS = {
  'web-server': {
    web_server_preflight:
      'Before anything is changed, checks that the files were written for a host like this one, and that the place of the site is free.',
    web_server_logs: "Creates the log files as the host's log rotation would.",
    web_server_wants:
      'Succeeds if a file of the tree ($1) is to be installed. The part deliveries/debian/others.sh answers for all web servers: the file that refuses unknown names is left out where another site already takes care of them.',
    web_server_stage:
      "Stages changes to the host's own files beside those of the tree, with put_file, put_link, take_away and displace.",
    web_server_validate:
      'Has the web server itself check the staged files, together with those of its other sites, before they are put in place.',
    web_server_apply:
      'Makes it serve with the files that are now in place; fails if it keeps running with the old ones.',
    web_server_workers: 'Prints the IDs of the processes that serve requests.',
    web_server_sound: 'Succeeds if it is installed and accepts its current configuration.',
    web_server_owns: 'Succeeds if a file ($1) is part of its configuration.',
  },
  'app-server': {
    app_server_validate:
      'Of each service: copies its files into the release, has the app server check them, and loads the app in the way that the service does.',
    app_server_trial:
      'Of each service: serves the release beside the live one with the function trial, and succeeds if the page is served.',
  },
  'process-manager': {
    process_manager_provide: 'Installs it if it is missing.',
    process_manager_validate:
      'Has it check its new files, with the new release in the place of the live one.',
    process_manager_start:
      'Restarts all services with the files that are in place; none starts before the old processes of all have stopped taking requests. Sockets stay open, unless a socket is what has changed.',
    process_manager_main: 'Of each service: prints the IDs of its main processes.',
    process_manager_holds: 'Of each service: succeeds if it is running and did not have to be restarted.',
    process_manager_healthy: 'Succeeds if the background processes stay up.',
    background_start: 'Restarts the background processes, which finish their current work first.',
    service_lines:
      'Of each service: prints how it runs, as lines of a systemd service, so that a trial can run in the same way.',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
