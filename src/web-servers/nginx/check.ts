/** Has nginx itself judge its files: https://nginx.org/en/docs/switches.html */

import type { Prepared, Risk, TreeFile, Validator } from '../../contract/validator.ts';
import { nginxDirectives } from '../../formats/nginx/directives.ts';
import { dropRepeatedDeprecations, readNginx } from './complaints.ts';
import { configuration, HOME, MAIN, makeCertificate } from './stage.ts';

/**
 * `nginx -t` in a copy of /etc/nginx, with throw-away certificates, and with logs and scratch files in the stage.
 * nginx binds the addresses even for a test, but only after it has found the configuration in order; what binding
 * says about this machine is left out. So `listen` stays as it is, for root and for everybody else.
 */
export const nginxAccepts: Validator = {
  tool: 'nginx',
  checks: 'whether nginx accepts its files',
  package: 'nginx',
  alsoIn: ['/usr/sbin', '/usr/local/sbin', '/sbin'],
  version: {
    arguments: ['-v'],
    pattern: /nginx\/(\d+(?:\.\d+)*)/,
    wanted: (plan) => String(plan.webServer.version),
    older: 'skip',
  },

  risk: nginxRisk,

  prepare(context: Prepared) {
    const files = configuration(context);
    if (files === undefined) return undefined;
    const { stage, tool } = context;
    return {
      files,
      before: files.some((file) => file.shown !== undefined && file.text.includes(`${stage}/stubs/`))
        ? [makeCertificate()]
        : [],
      command: [tool, '-t', '-e', 'stderr', '-c', `${stage}${MAIN}`],
    };
  },

  read(result, context) {
    return dropRepeatedDeprecations(readNginx(result, context));
  },
};

/** Directives of modules that run what the file says, and those that load a library. */
const CODE =
  /^(?:load_module|ssl_engine|perl(?:_\w+)?|js_\w+|lua_\w+|\w+_by_lua(?:_\w+)?|passenger_\w+|mruby_\w+|wasm\w*|proxy_wasm)$/;

/** What nginx would do for an edited file that is more than to read it. */
export function nginxRisk({ path, text }: TreeFile): Risk | undefined {
  if (!path.startsWith(HOME)) return undefined;
  for (const { name, arguments: words, line } of nginxDirectives(text)) {
    if (CODE.test(name)) return { because: `nginx may run code for ${name}`, line };
    // https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_certificate_key
    if (words.some(({ value }) => /^(?:engine|store):/.test(value)))
      return { because: 'nginx would load a library for a key', line };
    // It does so for a test as well, and lets everybody write to it for a moment.
    if (name === 'listen' && words.some(({ value }) => /^unix:/i.test(value)))
      return { because: 'nginx would make a socket outside of the check', line };
    if (name === 'include' && words.some(({ value }) => leavesHome(value)))
      return { because: 'nginx would read files that are not of the deployment', line };
  }
  return undefined;
}

/** A path as nginx takes it: from the folder of nginx.conf on. */
function leavesHome(path: string): boolean {
  return path.split('/').includes('..') || (path.startsWith('/') && !path.startsWith(HOME));
}
