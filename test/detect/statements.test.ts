/**
 * Nothing of an earlier deployment vanishes: each statement of a file that is read is taken over, or the new deployment
 * has its own of it, or it is listed. The statements are counted here by other means than those of the readers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/contract/earlier.ts';
import { memoryProject } from './memory-project.ts';

const RENDERED = join(import.meta.dirname, '../../fixtures/rendered');
const PROJECTS = join(import.meta.dirname, '../../fixtures/projects');

/** The lines of a file that hold a statement, counted from 1; of one that spans several, the first. */
type Counted = (text: string) => number[];

const linesThat =
  (isOne: (line: string, before: string) => boolean): Counted =>
  (text) => {
    const lines = text.split('\n');
    return lines.flatMap((line, index) => (isOne(line, lines[index - 1] ?? '') ? [index + 1] : []));
  };

const isComment = (line: string) => /^\s*(?:[#;]|$)/.test(line);

const ini = linesThat(
  (line, before) =>
    !isComment(line) && !/^\s*\[[^\]]*\]\s*$/.test(line) && !/^\s/.test(line) && !before.endsWith('\\'),
);
const plain = linesThat((line) => !isComment(line));
const apache = linesThat(
  (line, before) => !isComment(line) && !line.includes('</') && !before.endsWith('\\'),
);
/** A directive ends with ";" or "{"; the tests have no quotes over several lines, and one directive begins a line. */
const nginx = linesThat(
  (line, before) =>
    !isComment(line) && !/^\s*\}\s*$/.test(line) && /(?:[;{}]\s*(?:#.*)?|^\s*(?:#.*)?)$/.test(before),
);
const python = linesThat(
  (line) => /^[^\s#)\]}'"]/.test(line) && !/^(?:else|elif|except|finally)\b/.test(line),
);
/** The keys of the file, of the services and of each of them. */
const compose: Counted = (text) => {
  let isServices = false;
  return text.split('\n').flatMap((line, index) => {
    if (isComment(line)) return [];
    if (/^\S/.test(line)) isServices = line.startsWith('services:');
    return /^\S/.test(line) || (isServices && /^ {2,4}[\w.-]+:/.test(line)) ? [index + 1] : [];
  });
};

const APP = { 'shop/__init__.py': '', 'shop/site.py': 'from flask import Flask\napp = Flask(__name__)\n' };

function accountsOf(files: Record<string, string>): readonly Account[] {
  return memoryProject({ ...APP, 'requirements.txt': 'flask\n', ...files }).earlier().accounts;
}

/** Statements that no account is of. */
function lost(file: string, text: string, counted: Counted, more: Record<string, string> = {}): string[] {
  const accounts = accountsOf({ ...more, [file]: text });
  const has = new Set(accounts.filter(({ at }) => at.file === file).map(({ at }) => at.line));
  return counted(text)
    .filter((line) => !has.has(line))
    .map((line) => `${line}: ${text.split('\n')[line - 1]}`);
}

/** One file of each kind, with statements that are taken, known and unknown, in forms that are met. */
const KINDS: readonly { file: string; counted: Counted; text: string; unknown: readonly string[] }[] = [
  {
    file: 'ops/site.conf',
    counted: nginx,
    text: `user www-data;
http {
  include mime.types;
  include /etc/nginx/conf.d/extra.conf;
  frobnicate on;
  map $http_upgrade $connection_upgrade {
    default upgrade;
    '' close;
  }
  map $uri $gone {
    /old 1;
  }
  upstream app {
    server unix:/run/app.sock;
    server 10.0.0.2:8000 backup;
    ip_hash;
  }
  server {
    listen 80;
    server_name shop.fixture.net ~^x;
    return 301 https://$host$request_uri;
  }
  server {
    listen 443 ssl;
    server_name
      shop.fixture.net
      *.shop.fixture.net;
    if ($host = www.shop.fixture.net) {
      return 301 https://shop.fixture.net$request_uri;
    }
    location /static/ {
      alias /srv/static/;
      expires 30d;
    }
    location /blog/ {
      proxy_pass http://127.0.0.1:2368;
      proxy_set_header X-Blog 1;
    }
    location /api/ {
      proxy_pass http://app/;
    }
    location / {
      proxy_pass http://app;
      proxy_set_header Host $host;
      proxy_set_header X-Tenant shop;
      proxy_set_header Authorization "Basic hunter2";
      proxy_buffer_size 16k;
      whatever_next 3;
    }
  }
}
stream {
  server {
    listen 25;
  }
}
`,
    unknown: ['frobnicate on', 'location /: whatever_next 3'],
  },
  {
    file: 'ops/vhost.conf',
    counted: apache,
    text: `Define base /srv/shop
<VirtualHost *:443>
  ServerName shop.fixture.net:443
  ServerAlias www.shop.fixture.net
  SSLEngine on
  SSLCertificateFile /etc/ssl/shop.pem
  <IfModule mod_headers.c>
    Header always set X-Frame-Options DENY
  </IfModule>
  ProxyPass /static/ !
  ProxyPass /ws/ ws://127.0.0.1:3000/
  ProxyPass / http://127.0.0.1:8000/ \\
    timeout=90
  ProxyPassReverse / http://127.0.0.1:8000/
  RequestHeader set X-Forwarded-Proto https
  RewriteEngine on
  RewriteRule ^/old /new [R]
  <Location /admin>
    Require ip 10.0.0.0/8
  </Location>
  FrobnicateRequests On
</VirtualHost>
`,
    unknown: ['FrobnicateRequests On'],
  },
  {
    file: 'ops/supervisor.conf',
    counted: ini,
    text: `lost line
[supervisord]
logfile=/var/log/supervisord.log
minfds=65535
environment=A="1"
[inet_http_server]
port=*:9001
[program:web]
command=/srv/venv/bin/gunicorn shop.site:app
  --workers 3
directory=/srv
numprocs=1
stopwaitsecs=20
autostart=false
environment=SECRET="hunter2",MODE="live"
stdout_logfile=/var/log/web.log
frobnicate=1
[program:mail]
command=/srv/venv/bin/rq worker
numprocs=2
stopwaitsecs=600
[program:empty]
user=x
[eventlistener:crash]
command=crashmail -m a@b
events=PROCESS_STATE
[group:all]
programs=web,mail
[include]
files = conf.d/*.conf
[frobnicator]
x=1
`,
    unknown: ['lost line', 'web: frobnicate=1', '[frobnicator] x'],
  },
  {
    file: 'ops/shop.service',
    counted: ini,
    text: `[Unit]
Description=shop
After=network.target redis.service
OnFailure=alert@%n.service
[Service]
Type=notify
Environment="SECRET=hunter2" MODE=live
EnvironmentFile=-/etc/shop.env
ExecStartPre=/bin/mkdir -p /run/shop
ExecStart=
ExecStart=/srv/venv/bin/gunicorn \\
  shop.site:app --workers 3
ExecStop=/bin/kill $MAINPID
TimeoutStopSec=20
LimitNOFILE=65536
MemoryMax=1G
KillSignal=SIGQUIT
Frobnicate=yes
no sign
[Install]
WantedBy=multi-user.target
`,
    unknown: ['Frobnicate=yes', 'no sign'],
  },
  {
    file: 'ops/poll.timer',
    counted: ini,
    text: `[Unit]
Description=poll
[Timer]
OnCalendar=hourly
Persistent=true
Unit=poll.service
[Install]
WantedBy=timers.target
[Frob]
x=1
`,
    unknown: ['[Frob] x=1'],
  },
  {
    file: 'ops/uwsgi.ini',
    counted: ini,
    text: `[uwsgi]
base = /srv/shop
chdir = %(base)
module = shop.site:app
master
lazy-apps = true
processes = 4
limit-post = 0
buffer-size = 32768
env = SECRET=hunter2
attach-daemon = %(base)/worker.sh
cron2 = hour=3 %(base)/clean.sh
static-map = /media=/srv/media
ini = other.ini
disable-logging = false
frobnicate = 3
[other]
x = 1
`,
    unknown: ['[other], line 17', 'uwsgi --frobnicate 3'],
  },
  {
    file: 'ops/gunicorn.conf.py',
    counted: python,
    text: `"""Settings."""
import os
from multiprocessing import cpu_count

cores = cpu_count()
workers = cores + 1
bind = ":80"
preload_app = True
raw_env = ["SECRET=hunter2"]
frobnicate = 3
os.environ["KEY"] = "hunter2"
os.makedirs("/run/shop")
if cores > 3:
    timeout = 90
    print("many")


def post_fork(server, worker):
    pass
`,
    unknown: ['frobnicate, which is no setting of gunicorn'],
  },
  {
    file: 'Procfile',
    counted: plain,
    text: `# all
web: gunicorn shop.site:app
worker: rq worker
bot: python bot.py
release: python manage.py migrate && python manage.py seed --password hunter2
what is this
`,
    unknown: ['what is this'],
  },
  {
    file: 'docker-compose.yml',
    counted: compose,
    text: `version: "3"
x-common: &common
  restart: always
services:
  web:
    <<: *common
    build: .
    command: gunicorn shop.site:app
    environment:
      SECRET: hunter2
    env_file: .env
    ports:
      - 80:80
    deploy:
      replicas: 2
    stop_grace_period: 1m
    ulimits:
      nofile: 1000
    frobnicate: true
  db:
    image: postgres:16
  cache:
    image: redis:7
  proxy:
    image: nginx:1
volumes:
  data:
frobs:
  a: 1
`,
    unknown: ['frobs', 'web: frobnicate'],
  },
  {
    file: 'crontab',
    counted: plain,
    text: 'MAILTO=a@b\n# m h\n*/5 * * * * poll\n@daily clean\nnot a line\n',
    unknown: ['not a line'],
  },
];

describe.each(KINDS)('$file', ({ file, counted, text, unknown }) => {
  it('has no statement that is unaccounted for', () => {
    expect(counted(text).length).toBeGreaterThan(3);
    expect(lost(file, text, counted)).toEqual([]);
  });

  it('has its unknown statements listed as such, and no others', () => {
    const listed = accountsOf({ [file]: text }).filter(({ fate }) => fate === 'unknown');
    expect(listed.map((one) => one.text).toSorted()).toEqual([...unknown].toSorted());
  });

  it('shows no value of a variable', () => {
    expect(JSON.stringify(accountsOf({ [file]: text }))).not.toContain('hunter2');
  });

  it('accounts for a file that ends anywhere', () => {
    for (let end = 0; end < text.length; end += 7)
      expect(() => accountsOf({ [file]: text.slice(0, end) })).not.toThrow();
  });
});

/** The kinds of the files that a kit is made of, by their paths. */
const BY_PATH: readonly (readonly [RegExp, Counted])[] = [
  [/\/nginx\/sites-enabled\/|\/nginx\/conf\.d\/(?!00-long)/, nginx],
  [/\/apache2\/sites-enabled\//, apache],
  [/\/systemd\/system\/.*\.(?:service|socket)$/, ini],
  [/\/uwsgi\.ini$|\/supervisord\.conf$/, ini],
  [/\/gunicorn\.conf\.py$/, python],
];

const kitFiles = readdirSync(RENDERED, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
  const counted = BY_PATH.find(([pattern]) => pattern.test(path))?.[1];
  return counted === undefined ? [] : [{ path, counted }];
});

it('the files that a kit itself has are wholly known', () => {
  expect(kitFiles.length).toBeGreaterThan(100);
  const seen = new Set<string>();
  const found: string[][] = [];
  for (const { path, counted } of kitFiles) {
    const text = readFileSync(join(RENDERED, path), 'utf8');
    if (seen.has(text)) continue;
    seen.add(text);
    const file = `ops/${basename(path)}`;
    const unknown = accountsOf({ [file]: text }).filter(({ fate }) => fate === 'unknown');
    const missed = [...unknown.map((one) => one.text), ...lost(file, text, counted)];
    if (missed.length > 0) found.push([path, ...missed]);
  }
  expect(found).toEqual([]);
});

it('the files of the small projects are accounted for', () => {
  const files = readdirSync(PROJECTS, { recursive: true, encoding: 'utf8' }).flatMap((path) => {
    // A snippet is a part of the file that includes it.
    if (path.includes('/snippets/')) return [];
    const counted = OF_PROJECTS.find(([pattern]) => pattern.test(path))?.[1];
    return counted === undefined ? [] : [{ path, counted }];
  });
  expect(files.length).toBeGreaterThan(15);
  for (const { path, counted } of files) {
    const text = readFileSync(join(PROJECTS, path), 'utf8');
    const file = basename(path);
    expect([path, lost(file, text, counted)]).toEqual([path, []]);
  }
});

const OF_PROJECTS: readonly (readonly [RegExp, Counted])[] = [
  [/nginx[\w/.-]*\.conf$/, nginx],
  [/apache[\w/.-]*\.conf$/, apache],
  [/supervisor[\w/.-]*\.conf$|\.service$|\.timer$|uwsgi[\w/.-]*\.ini$/, ini],
  [/gunicorn[\w.-]*\.py$/, python],
  [/Procfile$|crontab$/, plain],
  [/compose[\w.-]*\.ya?ml$/, compose],
];
