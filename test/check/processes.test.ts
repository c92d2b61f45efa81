/** What the code keeps in one process, and what a deployment by several does to it. */
import { describe, expect, it } from 'vitest';
import { processFindings } from '../../src/check/processes.ts';
import { detect } from '../../src/core.ts';
import { memoryProject, startproject } from '../detect/memory-project.ts';
import { kit } from './kit.ts';

/** The findings about a project with these files, whose app is shop:app, as [code, place]. */
function found(files: Record<string, string>, ...answers: string[]) {
  const project = memoryProject(files);
  return processFindings(kit(...answers).plan, project, undefined).map(({ code, level, file, line }) => [
    code,
    level,
    `${file}:${line}`,
  ]);
}

describe('a scheduler', () => {
  const JOBS =
    'from apscheduler.schedulers.background import BackgroundScheduler\n\nscheduler = BackgroundScheduler()\n';
  const START = 'def begin():\n    scheduler.start()\n';
  const repeated = (place: string) => [['scheduler-repeated', 'error', place]];

  it('is started by each process that loads it, and there is more than one', () => {
    expect(found({ 'shop.py': `${JOBS}scheduler.start()\n` })).toEqual(repeated('shop.py:4'));
    expect(found({ 'shop.py': `${JOBS}scheduler.start()\n` }, 'workers: 2')).toHaveLength(1);
    expect(found({ 'shop.py': `${JOBS}scheduler.start()\n` }, 'workers: 1')).toEqual([]);
  });

  it('may be in another module that the app loads', () => {
    const jobs = { 'jobs/__init__.py': '', 'jobs/all.py': JOBS + START };
    expect(found({ 'shop.py': 'from jobs.all import begin\n', ...jobs })).toEqual(repeated('jobs/all.py:5'));
    expect(found({ 'shop.py': 'from jobs import all\n', ...jobs })).toEqual(repeated('jobs/all.py:5'));
    expect(found({ 'shop.py': 'APPS = ["jobs.all.Jobs"]\n', ...jobs })).toEqual(repeated('jobs/all.py:5'));
    expect(found({ 'shop.py': 'import os\n', ...jobs })).toEqual([]);
    expect(
      found({
        'shop.py': 'import pages\n',
        'pages/__init__.py': 'from .jobs import x\n',
        'pages/jobs.py': `${JOBS}scheduler.start()\n`,
      }),
    ).toEqual(repeated('pages/jobs.py:4'));
  });

  it('is not, where something decides that', () => {
    for (const start of [
      'if __name__ == "__main__":\n    scheduler.start()\n',
      'if os.environ.get("JOBS"):\n    scheduler.start()\n',
      'with lock:\n    scheduler.start()\n',
      'import fcntl\nfcntl.flock(f, fcntl.LOCK_EX)\nscheduler.start()\n',
      '# scheduler.start()\n',
    ])
      expect(found({ 'shop.py': JOBS + start }), start).toEqual([]);
  });
});

describe('an event stream', () => {
  const VIEW = 'def events():\n    return Response(stream(), mimetype="text/event-stream")\n';
  const cut = [['stream-cut', 'error', 'shop.py:2']];

  it('is served by another service where that one loads it too, and no other', () => {
    const live = (app: string) => `paths: { /live/: { app: "${app}", interface: asgi } }`;
    const files = { 'shop.py': VIEW, 'both.py': 'from shop import events\n', 'other.py': 'x = 1\n' };
    expect(found(files, live('both:app'))).toEqual([]);
    expect(found(files, live('other:app'))).toEqual(cut);
    expect(found({ ...files, 'shop.py': 'x = 1\n', 'other.py': VIEW }, 'paths: { /x/: other:app }')).toEqual([
      ['stream-cut', 'error', 'other.py:2'],
    ]);
  });

  it('is cut off where a process serves one request at a time', () => {
    expect(found({ 'shop.py': VIEW })).toEqual(cut);
    expect(found({ 'shop.py': VIEW }, 'app-server: uwsgi')).toEqual(cut);
    expect(found({ 'shop.py': VIEW }, 'threads: 20')).toEqual([]);
    expect(found({ 'shop.py': VIEW }, 'interface: asgi')).toEqual([]);
  });

  it('is not what a client asks another server for', () => {
    const client = 'x = get(url, headers={"Accept": "text/event-stream"})\n';
    expect(found({ 'shop.py': client })).toEqual([]);
  });
});

describe('a channel layer in memory', () => {
  const layers = (settings: string, ...answers: string[]) => {
    const base = startproject();
    const project = startproject({ 'mysite/settings.py': `${base.read('mysite/settings.py')}\n${settings}` });
    const { detection } = detect(project);
    return processFindings(kit(...answers).plan, project, detection).map(({ code, level }) => [code, level]);
  };
  const layer = (name: string) => `CHANNEL_LAYERS = {"default": {"BACKEND": "${name}"}}\n`;
  const IN_MEMORY = layer('channels.layers.InMemoryChannelLayer');

  it('is an error where several processes serve the app', () => {
    expect(layers(IN_MEMORY)).toEqual([['layer-in-memory', 'error']]);
    expect(layers(IN_MEMORY, 'workers: 1')).toEqual([]);
    expect(layers(IN_MEMORY, 'workers: 1', 'paths: { /live/: shop:live }')).toHaveLength(1);
  });

  it('is none where another is named, or what there is cannot be told', () => {
    expect(layers(layer('channels_redis.core.RedisChannelLayer'))).toEqual([]);
    expect(layers(`import os\nif "X" in os.environ:\n    ${IN_MEMORY}`)).toEqual([]);
    expect(layers('')).toEqual([]);
  });
});

describe('how the host is doing', () => {
  const STATUS = 'import psutil\nprint(psutil.virtual_memory())\n';
  const hidden = [['system-hidden', 'error', 'shop.py:2']];

  it('is hidden from the app, unless the answers open that', () => {
    expect(found({ 'shop.py': STATUS })).toEqual(hidden);
    expect(found({ 'shop.py': STATUS }, 'process-manager: supervisord')).toEqual(hidden);
    expect(found({ 'shop.py': STATUS }, 'sandbox: { ProcSubset: all }')).toEqual([]);
    expect(found({ 'shop.py': STATUS }, 'process-manager: circus')).toEqual([]);
    expect(found({ 'shop.py': STATUS }, 'web-server: apache', 'app-server: mod-wsgi')).toEqual([]);
    expect(found({ 'shop.py': 'import psutil\nprint(psutil.Process().memory_info())\n' })).toEqual([]);
  });
});
