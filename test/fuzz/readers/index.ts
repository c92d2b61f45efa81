/** The reader of each syntax that templates are written in, by the syntax's name. */
import { readApache } from './apache.ts';
import { readEnvironment } from './environment.ts';
import { readFields } from './fields.ts';
import { readHtml } from './html.ts';
import { readCircus, readSupervisord, readUwsgi } from './ini.ts';
import { readMarkdown } from './markdown.ts';
import { readMtree } from './mtree.ts';
import { readNginx } from './nginx.ts';
import { readPython } from './python.ts';
import { readShell } from './shell.ts';
import { readSystemd } from './systemd.ts';
import type { Reader } from './token.ts';

export const READERS: Readonly<Record<string, Reader>> = {
  apache: readApache,
  circus: readCircus,
  environment: readEnvironment,
  html: readHtml,
  markdown: readMarkdown,
  mtree: readMtree,
  nginx: readNginx,
  python: readPython,
  shell: readShell,
  supervisord: readSupervisord,
  systemd: readSystemd,
  tmpfiles: readFields,
  uwsgi: readUwsgi,
};
