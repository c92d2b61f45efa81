/** What the files of an earlier deployment are read as. */
import { describe, expect, it } from 'vitest';
import { notTakenOf } from '../../src/detect/deployment/accounts.ts';
import { detect } from '../../src/detect/index.ts';
import { DETECTIONS } from '../../src/detections.ts';
import { memoryProject } from './memory-project.ts';

const FLASK = 'from flask import Flask\napp = Flask(__name__)\n';
const FILES = { 'shop/__init__.py': '', 'shop/site.py': FLASK, 'requirements.txt': 'flask\n' };

function said(files: Record<string, string>) {
  const { apps, answers, background, accounts } = memoryProject({ ...FILES, ...files }).earlier();
  return {
    apps: apps.map(({ file, root, name, start }) => [file, root, name, start.at.line]),
    answers: Object.fromEntries(answers.map(({ answer, value }) => [answer, value]).reverse()),
    background: background.map(({ name, command }) => [name, command]),
    leftOver: notTakenOf(accounts).map(({ text }) => text),
  };
}

describe('the app that a server was started with', () => {
  it.each([
    ['gunicorn shop.site', undefined],
    ['gunicorn shop.site:app --workers 3', 'app'],
    ['gunicorn -w 3 -b 0.0.0.0:$PORT shop.site:app', 'app'],
    ['gunicorn -k gthread shop.site:app --log-file=-', 'app'],
    ['poetry run gunicorn shop.site:app', 'app'],
    ['uv run --no-dev gunicorn shop.site:app', 'app'],
    ['python -m gunicorn shop.site:app', 'app'],
    ['bash -c "flask db upgrade && exec gunicorn shop.site:app"', 'app'],
    ['sh -c \'gunicorn shop.site:app --bind "0.0.0.0:$PORT"\'', 'app'],
    ['/srv/venv/bin/gunicorn shop.site:app', 'app'],
    ['newrelic-admin run-program gunicorn shop.site:app', 'app'],
    ['uvicorn --host 0.0.0.0 shop.site:app', 'app'],
    ['waitress-serve --port=80 shop.site:app', 'app'],
    ['waitress-serve --call shop.site:create_app', 'create_app'],
    ['uvicorn --factory shop.site:create_app', 'create_app'],
    ['uwsgi --http :80 --module shop.site:app', 'app'],
    ['uwsgi --http :80 -w shop.site --callable app', 'app'],
    ['daphne -b 0.0.0.0 -p 80 shop.site:app', 'app'],
    ['hypercorn shop.site:app --bind 0.0.0.0', 'app'],
    ['granian --interface wsgi shop.site:app', 'app'],
  ])('web: %s', (command, name) => {
    expect(said({ Procfile: `web: ${command}\n` }).apps).toEqual([['shop/site.py', '', name, 1]]);
  });

  it.each([
    'echo gunicorn shop.site:app',
    'pip install gunicorn',
    'python -m pip install gunicorn',
    'which uwsgi',
    'psql -f dump.sql',
    'python manage.py runserver',
    'gunicorn other.site:app',
    'npm start',
  ])('is not in %s', (command) => {
    expect(said({ Procfile: `web: ${command}\n` }).apps).toEqual([]);
  });

  it('is seen from the folder that an image has it in', () => {
    const files = {
      'backend/shop/__init__.py': '',
      'backend/shop/site.py': FLASK,
      'docker/Dockerfile':
        'FROM python:3.12\nCOPY backend /code\nWORKDIR /code\nCMD ["gunicorn", "shop.site:app"]\n',
    };
    const { apps, python } = memoryProject(files).earlier();
    expect(apps).toMatchObject([{ file: 'backend/shop/site.py', root: 'backend', name: 'app' }]);
    expect(python?.version).toBe('3.12');
  });

  it('is the last stage’s of an image, and an entrypoint may be a script', () => {
    const files = {
      Dockerfile:
        'FROM node AS front\nCMD ["gunicorn", "other:app"]\nFROM python:3.13\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/app/entrypoint.sh"]\n',
      'entrypoint.sh': '#!/bin/sh\nset -e\npython -m shop.migrate\nexec gunicorn shop.site:app -w 5\n',
    };
    expect(said(files)).toMatchObject({
      apps: [
        ['shop/site.py', '', 'app', 4],
        ['shop/site.py', '', 'app', 4],
      ],
      answers: { workers: 5 },
    });
  });

  it('is in an earlier stage that the last one begins with, and not in another', () => {
    const files = {
      'backend/shop/__init__.py': '',
      'backend/shop/site.py': FLASK,
      Dockerfile:
        'FROM python:3.12 AS base\nWORKDIR /app\nCOPY backend/ .\nFROM python:3.8 AS tests\nCMD pytest\nFROM base AS final\nCMD gunicorn shop.site:app\n',
    };
    const { apps, python } = memoryProject(files).earlier();
    expect(apps).toMatchObject([{ root: 'backend' }]);
    expect(python?.version).toBe('3.12');
  });

  it('has every variable that it is started with', () => {
    const unit =
      '[Service]\nEnvironment="A=b c" D=e\nEnvironment=F=g?a=1&b=2\nExecStart=/v/bin/gunicorn -e H=i -e J=k shop.site:app\n';
    const { apps } = memoryProject({ ...FILES, 'shop.service': unit }).earlier();
    expect(Object.fromEntries(apps[0]?.start.environment ?? [])).toEqual({
      A: 'b c',
      D: 'e',
      F: 'g?a=1&b=2',
      H: 'i',
      J: 'k',
    });
  });

  it('is the live site’s before a developer’s, whose settings say nothing', () => {
    const files = {
      'docker-compose.dev.yml': 'services:\n  web:\n    build: .\n    command: gunicorn shop.dev:app -w 9\n',
      Dockerfile: 'FROM python:3.12\nCOPY . .\n',
      'shop/dev.py': FLASK,
      'docker-compose.yml': 'services:\n  web:\n    build: .\n    command: gunicorn shop.site:app -w 2\n',
    };
    const { apps, answers } = said(files);
    expect(apps.map(([file]) => file)).toEqual(['shop/site.py', 'shop/dev.py']);
    expect(answers.workers).toBe(2);
  });
});

describe('answers', () => {
  it.each([
    ['--workers 4 --threads=8 -t 90', { workers: 4, threads: 8, timeout: 90 }],
    ['-k gevent --max-requests 100', { 'gunicorn-worker': 'gevent', 'max-requests': 100 }],
    ['--workers $WEB_CONCURRENCY', {}],
    ['--workers 0 --timeout 0', {}],
  ])('of gunicorn %s', (options, expected) => {
    const { answers } = said({ Procfile: `web: gunicorn shop.site:app ${options}\n` });
    expect(answers).toEqual({ 'app-server': 'gunicorn', ...expected });
  });

  it('of gunicorn’s own file, with what no answer stands for', () => {
    const text =
      'workers = 3\ntimeout = 60\nbind = ":80"\npreload_app = True\nraw_env = ["A=b"]\n\ndef on_exit(server):\n    pass\n';
    expect(said({ 'gunicorn.conf.py': text })).toMatchObject({
      answers: { workers: 3, timeout: 60 },
      leftOver: ['raw_env A', "gunicorn's setting preload_app", 'the hook on_exit()'],
    });
  });

  it.each([
    ['workers = multiprocessing.cpu_count() * 2 + 1', 'auto'],
    ['workers = (2 * cpu_count()) + 1  # as the docs say', 'auto'],
    ['workers = 3  # not cpu_count() * 2 + 1', 3],
    ['workers = min(cpu_count(), 4)', undefined],
    ['import os\nworkers = int(os.environ.get("WEB_CONCURRENCY", 3))', undefined],
  ])('of gunicorn’s own file: %s', (text, workers) => {
    expect(said({ 'gunicorn.conf.py': `${text}\n` }).answers.workers).toBe(workers);
  });

  it('of gunicorn’s file of another name, which a command line gives', () => {
    const files = {
      Procfile: 'web: gunicorn -c config/server.py shop.site:app\n',
      'config/server.py': 'timeout = 77\n',
    };
    expect(said(files).answers.timeout).toBe(77);
  });

  it('of nginx: names, limits and times, and not those of a placeholder', () => {
    const site = `server {
  server_name _ example.com localhost shop.fixture.net www.shop.fixture.net 192.0.2.1;
  client_max_body_size 25M;
  location /ws/ { proxy_pass http://app; proxy_read_timeout 1h; }
  location / { proxy_pass http://app; proxy_read_timeout 2m; auth_basic "staff"; }
}\n`;
    expect(said({ 'nginx/site.conf': site })).toMatchObject({
      answers: {
        domains: ['shop.fixture.net', 'www.shop.fixture.net'],
        'max-body': '25m',
        'live-timeout': 3600,
        timeout: 120,
      },
      leftOver: ['location /: auth_basic staff'],
    });
  });

  it('are taken where the source says nothing, and the likelier of two says what the other has', () => {
    const files = {
      ...FILES,
      Procfile: 'web: gunicorn shop.site:app -w 2\n',
      'start.sh': 'gunicorn shop.site:app -w 6\n',
    };
    const { detection } = detect(memoryProject(files), DETECTIONS);
    expect(detection?.answers.workers).toEqual({
      kind: 'default',
      value: 2,
      unless: 'the live site runs by start.sh:1, which has 6',
      from: [{ file: 'Procfile', line: 1 }],
    });
  });

  it('never make a pair that is refused', () => {
    const files = {
      'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
      Procfile: 'web: gunicorn main:app -k uvicorn.workers.UvicornWorker\n',
      'uwsgi.ini': '[uwsgi]\nmodule = main:app\nprocesses = 4\n',
    };
    const { detection } = detect(memoryProject(files), DETECTIONS);
    expect(detection?.answers.interface).toMatchObject({ value: 'asgi' });
    expect(detection?.answers['app-server']).toBeUndefined();
    expect(detection?.answers['gunicorn-worker']).toBeUndefined();
  });
});

describe('a command line as its file means it', () => {
  it('has the options of uWSGI at their own lines, with those of a file that it takes in', () => {
    const { answers } = memoryProject({
      ...FILES,
      'uwsgi.ini': '[uwsgi]\nname = shop\nmodule = %(name).site:app\nini = %dmore.ini\nprocesses = %k\n',
      'more.ini': '[uwsgi]\nharakiri = 70\n',
    }).earlier();
    expect(answers.map(({ answer, value, at }) => [answer, value, `${at.file}:${at.line}`])).toEqual([
      ['app-server', 'uwsgi', 'uwsgi.ini:3'],
      ['timeout', 70, 'more.ini:2'],
      ['workers', 'auto', 'uwsgi.ini:5'],
    ]);
  });

  it.each([
    ['x.conf', '[program:q]\ncommand=%(ENV_HOME)s/bin/rq worker a%%b\n'],
    ['q.service', '[Service]\nExecStart=/srv/bin/rq worker a%%b\n'],
  ])('has %% as a per cent sign in %s', (file, text) => {
    expect(said({ [file]: text }).background).toEqual([['q', 'rq worker a%b']]);
  });

  it.each([
    ['x.conf', '[program:q]\ncommand=rq worker -n %(host_node_name)s\n'],
    ['q@.service', '[Service]\nExecStart=/srv/bin/rq worker %i\n'],
    ['uwsgi.ini', '[uwsgi]\nmodule = shop.site:app\nattach-daemon = rq worker %(queue)\n'],
  ])('is not taken over from %s where only the host knows a part of it', (file, text) => {
    const { background, leftOver } = said({ [file]: text });
    expect(background).toEqual([]);
    expect(leftOver.join()).toContain('rq worker');
  });

  it('is no work in the background where a script goes on after it', () => {
    const files = {
      'manage.py': '',
      'shop/management/commands/migrate.py': '',
      'shop/management/commands/poll.py': '',
      'shop/management/commands/seed.py': '',
      Procfile: 'web: bash run.sh\nother: bash poll.sh\n',
      'run.sh': 'python manage.py migrate\npython manage.py seed\nexec gunicorn shop.site:app\n',
      'poll.sh': 'exec python manage.py poll\n',
    };
    expect(said(files).background).toEqual([['other', 'python manage.py poll']]);
  });

  it('is told where it is other work of a kind that is there already', () => {
    const { background, leftOver } = said({
      Procfile: 'worker: celery -A shop worker\n',
      'mail.service': '[Service]\nExecStart=celery -A shop worker -Q mail\n',
    });
    expect(background).toEqual([['worker', 'celery -A shop worker']]);
    expect(leftOver).toEqual(['it starts celery -A shop worker -Q mail']);
  });

  it('has the steps before a server listed, and those of every release not', () => {
    const { leftOver } = said({
      Procfile:
        'web: python manage.py migrate && ./warm-up && gunicorn shop.site:app\nrelease: flask db upgrade && ./seed\n',
    });
    expect(leftOver).toEqual(['./warm-up', './seed']);
  });

  it('takes the app of a script that is no module', () => {
    const files = {
      'site.wsgi': 'import sys\nfrom shop.site import app as application\n',
      'a.conf': '<VirtualHost *:80>\nWSGIScriptAlias / /srv/site.wsgi\n</VirtualHost>\n',
    };
    expect(said(files).apps).toEqual([['shop/site.py', '', 'app', 2]]);
  });
});

describe('work in the background', () => {
  it.each([
    ['worker: celery -A shop worker -l info', [['worker', 'celery -A shop worker -l info']]],
    ['Queue_1: rq worker high', [['queue-1', 'rq worker high']]],
    ['clock: python manage.py qcluster', [['clock', 'python manage.py qcluster']]],
    ['w: dramatiq shop.tasks', [['w', 'dramatiq shop.tasks']]],
    ['release: python manage.py migrate', []],
    ['flower: celery -A shop flower', []],
    ['worker: celery -A shop worker -n $DYNO', []],
  ])('%s', (line, expected) => {
    expect(said({ Procfile: `${line}\n` }).background).toEqual(expected);
  });

  it('with a password in it is told, and not taken over', () => {
    const { background, leftOver } = said({ Procfile: 'w: rq worker -u redis://:secret@queue:6379\n' });
    expect(background).toEqual([]);
    expect(leftOver).toEqual(['it starts rq worker -u redis://...@queue:6379']);
  });

  it.each([
    ['--password hunter2', 'it starts rqscheduler --password ...'],
    ['-u sentinel://:one@a;sentinel://:two@b', undefined],
  ])('with %s is told without it', (options, text) => {
    const { background, leftOver } = said({
      'docker-compose.yml': `services:\n  q:\n    build: .\n    command: [rqscheduler, ${options.split(' ').join(', ')}]\n`,
    });
    expect(background).toEqual([]);
    if (text !== undefined) expect(leftOver).toEqual([text]);
    expect(leftOver.join()).not.toMatch(/hunter2|one@|two@/);
  });

  it("is a command of the project's own too, and whatever else is kept running is told", () => {
    const { background, leftOver } = said({
      'manage.py': '',
      'shop/management/commands/send_mail.py': 'class Command: pass\n',
      Procfile: [
        'web: gunicorn shop.site:app',
        'release: python manage.py migrate',
        'mail: python manage.py send_mail --every 5',
        'bot: python bot.py --token=hunter2',
        'agent: ./agent.sh',
      ].join('\n'),
      'bot.py': 'print(1)\n',
      'ops/x.service': '[Service]\nExecStart=/usr/bin/java -jar x.jar\n',
      'ops/site.conf': '[program:listen]\ncommand=/srv/x/venv/bin/python -m shop.listen\n',
      crontab: '# m h\nMAILTO=a\n*/5 * * * * x python manage.py poll\n@daily curl https://a:hunter2@b\n',
    });
    expect(background).toEqual([['mail', 'python manage.py send_mail --every 5']]);
    expect(leftOver.toSorted()).toEqual([
      '*/5 * * * * x python manage.py poll',
      '@daily curl https://...@b',
      'MAILTO is set for them',
      'it starts ./agent.sh',
      'it starts /srv/x/venv/bin/python -m shop.listen',
      'it starts /usr/bin/java -jar x.jar',
      'it starts python bot.py --token=...',
    ]);
  });

  it('has the file of its schedule where the app may write', () => {
    const files = { ...FILES, Procfile: 'beat: celery -A shop beat\nweb: gunicorn shop.site:app\n' };
    expect(detect(memoryProject(files), DETECTIONS).detection?.answers.background).toMatchObject({
      value: { beat: 'celery -A shop beat --schedule {state}/celerybeat-schedule' },
    });
  });
});

it.each([
  ['Procfile', ': : :\nweb:\n'],
  ['docker-compose.yml', 'services:\n  a: &a\n    build: .\n    x: *b\n'],
  ['docker-compose.yml', 'services: [1, 2]\n'],
  [
    'docker-compose.yml',
    'services:\n  a:\n    build: {context: {toString: 1}}\n    image: {toString: 1}\n    command: [{toString: 1}]\n',
  ],
  ['start.sh', 'sh start.sh\n./start.sh\nbash start.sh gunicorn\n'],
  ['Dockerfile', 'FROM\nCMD ["a", \nENV\nCOPY\n'],
  ['uwsgi.ini', '[uwsgi]\n= = =\n%(x)s\n'],
  ['supervisord.conf', '[program:\ncommand\n[program:x]\ncommand=\n'],
  ['app.service', '[Service]\nExecStart=\n'],
  ['site.conf', 'server { server_name "; \n'],
  ['fly.toml', '[processes\n'],
  ['render.yaml', 'services: {a: 1}\n'],
  ['gunicorn.conf.py', 'workers = (\ndef x(:\n'],
])('a broken %s is read as far as it goes', (file, text) => {
  expect(() => said({ [file]: text })).not.toThrow();
});
