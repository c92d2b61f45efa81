import { describe, expect, it } from 'vitest';
import { gunicornAccepts } from '../../src/app-servers/gunicorn/check.ts';
import { uwsgiAccepts } from '../../src/app-servers/uwsgi/check.ts';
import { pythonIsRead } from '../../src/check/tools/python.ts';
import { circusAccepts } from '../../src/process-managers/circus/check.ts';
import { supervisordAccepts } from '../../src/process-managers/supervisord/check.ts';
import { apacheAccepts } from '../../src/web-servers/apache/check.ts';
import { nginxAccepts } from '../../src/web-servers/nginx/check.ts';
import { SITE, samplePlan, treeFile } from './samples.ts';

const edited = (path: string, text: string) => ({ ...treeFile(path, text), edited: true });

const SITES = '/etc/apache2/sites-enabled/shop.conf';
const NGINX = '/etc/nginx/conf.d/shop.conf';
const SUPERVISORD = '/etc/shop/supervisord.conf';
const FACTORY =
  '[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n';

describe('a tool is not asked about an edited file', () => {
  it.each([
    [nginxAccepts, NGINX, `${SITE}\nload_module /x.so;`, 24],
    [nginxAccepts, NGINX, 'a b;\nperl_set $x "sub { 1 }";', 2],
    [nginxAccepts, NGINX, 'server { location / { content_by_lua_block { x } } }', 1],
    [nginxAccepts, NGINX, 'js_import /x.js;', 1],
    [nginxAccepts, NGINX, 'ssl_certificate_key "engine:x:y";', 1],
    [nginxAccepts, NGINX, 'include /etc/shadow;', 1],
    [nginxAccepts, NGINX, '"include" snippets/../../../x;', 1],
    [nginxAccepts, NGINX, 'location /a\\$' + '{include /etc/shadow;}', 1],
    [nginxAccepts, NGINX, 'a "b";\nlisten "Unix:/home/x";', 2],
    [apacheAccepts, SITES, 'LoadModule x /x.so', 1],
    [apacheAccepts, SITES, 'a\n"LoadModule" x /x.so', 2],
    [apacheAccepts, SITES, "'Include' /x", 1],
    [apacheAccepts, SITES, '$' + '{L} x /x.so', 1],
    [apacheAccepts, SITES, 'Load$' + '{L} x /x.so', 1],
    [apacheAccepts, SITES, '\\LoadModule x /x.so', 1],
    [apacheAccepts, SITES, '\u00a0LoadModule x /x.so', 1],
    [apacheAccepts, SITES, '\vLoadModule x /x.so', 1],
    [apacheAccepts, SITES, '# a\0\\\nLoadModule x /x.so', 1],
    [apacheAccepts, SITES, 'a\ndefine L LoadModule', 2],
    [apacheAccepts, SITES, '<Macro M x>\nx evil /x.so\n</Macro>\nUse M LoadModule', 1],
    [apacheAccepts, SITES, 'Use M LoadModule', 1],
    [apacheAccepts, SITES, 'Inc\\\nlude /etc/apache2/x.conf', 1],
    [apacheAccepts, SITES, 'a\n  loadFILE /x.so', 2],
    [apacheAccepts, SITES, 'Load\\\nModule x /x.so', 1],
    [apacheAccepts, SITES, 'IncludeOptional /x', 1],
    [apacheAccepts, SITES, 'Include "/etc/apache2/../x"', 1],
    [apacheAccepts, SITES, 'Include /etc/apache2/$' + '{X}', 1],
    [apacheAccepts, SITES, '<Perl>\n</Perl>', 1],
    [apacheAccepts, SITES, 'ErrorLog "|/bin/x"', 1],
    [gunicornAccepts, '/etc/shop/gunicorn.conf.py', 'workers = 3', undefined],
    [uwsgiAccepts, '/etc/shop/uwsgi.ini', '[uwsgi]\nworkers = 3', undefined],
    [uwsgiAccepts, '/etc/shop/workers.py', 'print(3)', undefined],
    [supervisordAccepts, SUPERVISORD, `${FACTORY}[rpcinterface:x]\nSupervisor.RPCinterface_Factory: x:y`, 4],
    [supervisordAccepts, SUPERVISORD, '[eventlistener:x]\nresult_handler=x:y', 2],
    [supervisordAccepts, SUPERVISORD, '[include]\nfiles=/x', 1],
    [circusAccepts, '/etc/shop/circus.ini', '[circus]\ninclude_dir = /x', 2],
  ])('%#', ({ risk }, path, text, line) => {
    const found = risk(edited(path, text));
    expect(found).toBeDefined();
    expect(found?.line).toBe(line);
  });

  it.each([
    [nginxAccepts, NGINX, SITE],
    [nginxAccepts, '/etc/other/shop.conf', 'load_module x;'],
    [apacheAccepts, SITES, 'Include "/etc/apache2/shop/*.conf"\n# LoadModule x\nErrorLog /var/log/x'],
    [apacheAccepts, SITES, '\t<IfModule a>\r\n  A "$' + '{B}/c" \\\n  d\n</IfModule>\nSSLEngine on'],
    [supervisordAccepts, SUPERVISORD, `; what it includes\n${FACTORY}`],
    [circusAccepts, '/etc/shop/circus.ini', '[circus]\nstatsd = False'],
  ])('unless it only reads it: %#', ({ risk }, path, text) => {
    expect(risk(edited(path, text))).toBeUndefined();
  });
});

describe('an edited Python file', () => {
  const judged = (path: string, text: string, isEdited = true) =>
    pythonIsRead.judge?.({ plan: samplePlan(), files: [{ ...treeFile(path, text), edited: isEdited }] });

  it('is parsed', () => {
    expect(judged('/etc/shop/serve.py', 'x = 1\ny = ((\n')).toMatchObject([
      { level: 'error', file: 'root/etc/shop/serve.py', line: expect.any(Number) },
    ]);
  });

  it('is said to be unchecked beyond that, once', () => {
    expect(judged('/etc/shop/serve.py', 'x = 1\n')).toMatchObject([{ level: 'unchecked' }]);
    expect(judged('/etc/shop/gunicorn.conf.py', 'x = 1\n')).toEqual([]);
    expect(judged('/etc/shop/serve.py', 'x = ((\n', false)).toEqual([]);
  });
});
