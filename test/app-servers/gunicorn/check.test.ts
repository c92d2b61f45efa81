import { describe, expect, it } from 'vitest';
import { gunicornAccepts, judgeNames, readGunicorn } from '../../../src/app-servers/gunicorn/check.ts';
import { GUNICORN_SETTINGS } from '../../../src/formats/gunicorn/settings.ts';
import { editedFiles, GUNICORN, reading, said, sampleFiles, samplePlan } from '../../check/samples.ts';

const SHOWN = 'root/etc/shop/gunicorn.conf.py';

function judge(text: string, version = '27.0.1') {
  return judgeNames({ shown: SHOWN, text }, version);
}

function messages(text: string, version?: string): string[] {
  return judge(text, version).map(({ message }) => message);
}

describe('names in gunicorn.conf.py', () => {
  it('are fine in a good file, for every release', () => {
    for (const version of ['20.1.0', '23.0.0', '25.1.0', '27.0.1'])
      expect(messages(GUNICORN, version)).toEqual([]);
  });

  it('that are misspelt give a finding with line and the name that was meant', () => {
    expect(judge('# a comment\nworker = 3\n')).toEqual([
      {
        code: 'gunicorn-complains',
        tool: 'gunicorn',
        level: 'error',
        file: SHOWN,
        line: 2,
        message: "unknown setting 'worker'; did you mean 'workers'?",
        remedy: expect.stringContaining('ignores it silently'),
      },
    ]);
  });

  it.each([
    ['woker_class = "sync"', "unknown setting 'woker_class'; did you mean 'worker_class'?"],
    ['grace_timeout = 3', "unknown setting 'grace_timeout'"],
    ['a = b = 3', "unknown setting 'a'", "unknown setting 'b'"],
    ['x, y = 1, 2', "unknown setting 'x'", "unknown setting 'y'"],
    ['worker: int = 3', "unknown setting 'worker'; did you mean 'workers'?"],
    ['if True:\n    worker = 3', "unknown setting 'worker'; did you mean 'workers'?"],
    ['try:\n    pass\nexcept OSError:\n    worker = 3', "unknown setting 'worker'; did you mean 'workers'?"],
    ['Workers = 3', "unknown setting 'Workers'; did you mean 'workers'?"],
    ['def post_frok(server, worker):\n    pass', "unknown setting 'post_frok'; did you mean 'post_fork'?"],
    ['worker = 3; timeout = 4', "unknown setting 'worker'; did you mean 'workers'?"],
    ['print(worker=3)\nworker = 3', "unknown setting 'worker'; did you mean 'workers'?"],
  ])('%j', (text, ...expected) => {
    expect(messages(text)).toEqual(expected);
  });

  it.each([
    ['an import', 'import multiprocessing\nfrom os import environ as surroundings'],
    ['a helper', 'cores = 4\nworkers = cores * 2 + 1'],
    ['a helper in a function', 'limit = 4\ndef _count():\n    return limit\nworkers = _count()'],
    ['a helper in an f-string', 'port = 4\nbind = f"127.0.0.1:{port}"'],
    ['a private name', '_worker = 3'],
    ['a constant', 'LIMIT = 3'],
    ['a function of its own', 'def count_cores():\n    worker = 3\n    return worker'],
    ['a hook', 'def post_fork(server, worker):\n    pass'],
    ['a class', 'class Logger:\n    worker = 3'],
    ['an attribute', 'import os\nos.worker = 3\nos.environ["worker"] = "3"'],
    ['a loop variable', 'for worker in []:\n    pass'],
    ['a docstring', '"""worker = 3"""'],
  ])('%s is nobody’s mistake', (_what, text) => {
    expect(messages(text)).toEqual([]);
  });

  it('never throw on what is not Python', () => {
    expect(() => judge('threads = ((\n}{ = worker\n\u0000')).not.toThrow();
  });

  it.each([
    ['control_socket_disable', '25.0.3', '25.1'],
    ['control_socket_disable', '23.0.0', '25.1'],
    ['header_map', '20.1.0', '22.0'],
    ['forwarder_headers', '22.0.0', '23.0'],
    ['asgi_loop', '23.0.0', '24.0'],
    ['enable_backlog_metric', '24.0.0', '24.1'],
    ['asgi_disconnect_grace_period', '25.0.1', '25.0.2'],
    ['http_parser', '25.1.0', '25.2'],
    ['http2_cleartext', '26.1.0', '26.2'],
    ['websocket_max_message_size', '26.2.0', '27.0'],
  ])('%s does not exist in %s, only from %s', (name, version, since) => {
    expect(messages(`${name} = 1`, version)).toEqual([expect.stringContaining(`from gunicorn ${since} on`)]);
    expect(messages(`${name} = 1`, since)).toEqual([]);
  });

  it('that are gone are told apart from those that are to come', () => {
    expect(messages('tolerate_dangerous_framing = True', '22.0.0')).toEqual([]);
    expect(messages('tolerate_dangerous_framing = True', '23.0.0')).toEqual([
      expect.stringContaining('is gone since gunicorn 23.0'),
    ]);
    expect(messages('tolerate_dangerous_framing = True', '21.2.0')).toEqual([
      expect.stringContaining('from gunicorn 22.0 on'),
    ]);
  });

  it('are not judged for releases that nobody has seen yet', () => {
    expect(judge('brand_new = 1', '28.0.0')).toMatchObject([
      { level: 'unchecked', message: "unknown setting 'brand_new'" },
    ]);
  });

  it('suggest nothing that the release does not have', () => {
    expect(messages('control_soket = 1', '23.0.0')).toEqual(["unknown setting 'control_soket'"]);
    expect(messages('control_soket = 1', '25.1.0')).toEqual([
      "unknown setting 'control_soket'; did you mean 'control_socket'?",
    ]);
  });

  it.each([
    ['20.1.0', 85],
    ['21.2.0', 87],
    ['22.0.0', 92],
    ['23.0.0', 93],
    ['24.0.0', 98],
    ['25.0.3', 114],
    ['25.1.0', 117],
    ['26.2.0', 119],
    ['27.0.1', 120],
  ])('%s has %i of them', (version, count) => {
    const absent = [...GUNICORN_SETTINGS.keys()].filter(
      (name) => messages(`${name} = 1`, version).length > 0,
    );
    expect(GUNICORN_SETTINGS.size - absent.length).toBe(count);
  });
});

describe('worker classes', () => {
  it.each([
    ['gthreadd', '27.0.1', "unknown worker class 'gthreadd'; did you mean 'gthread'?"],
    ['asgi', '23.0.0', "the worker class 'asgi' exists from gunicorn 24.0 on, and the host will have 23.0.0"],
    [
      'eventlet',
      '26.0.0',
      "the worker class 'eventlet' is gone since gunicorn 26.0, and the host will have 26.0.0",
    ],
  ])('%s for %s', (name, version, message) => {
    expect(messages(`worker_class = "${name}"`, version)).toEqual([message]);
  });

  it.each(['"sync"', '"gthread"', '"uvicorn_worker.UvicornWorker"', '"egg:gunicorn#sync"', 'Own', 'f"{x}"'])(
    '%s is fine',
    (value) => {
      expect(messages(`worker_class = ${value}`)).toEqual([]);
    },
  );
});

describe('the stage for gunicorn', () => {
  it('puts an app that does nothing in the place of the own one', () => {
    const context = {
      plan: samplePlan(),
      files: sampleFiles(),
      stage: '/stage',
      tool: '/venv/bin/gunicorn',
      root: false,
    };
    expect(gunicornAccepts.prepare(context)?.command).toEqual([
      '/venv/bin/gunicorn',
      '--check-config',
      '--config',
      'etc/shop/gunicorn.conf.py',
      'deploy_scaffold_stub:application',
    ]);
    expect(gunicornAccepts.prepare({ ...context, files: [] })).toBeUndefined();
    expect(gunicornAccepts.judge?.({ ...context, files: [] })).toEqual([]);
  });
});

describe("gunicorn's words", () => {
  const read = (stderr: string, exitCode = 1, here = '27.0.1', files = sampleFiles()) =>
    readGunicorn(said(stderr, exitCode), reading(files, { versions: { here, wanted: '27.0.1' } }));

  it('are none when all is well', () => {
    expect(read('', 0)).toEqual([]);
  });

  it('about a bad value give the line of the setting', () => {
    expect(
      read("Invalid value for timeout: x\n\n\nError: invalid literal for int() with base 0: 'x'\n"),
    ).toEqual([
      {
        code: 'gunicorn-complains',
        tool: 'gunicorn',
        level: 'error',
        file: SHOWN,
        line: 12,
        message: "invalid value for timeout: x (invalid literal for int() with base 0: 'x')",
        remedy: expect.stringContaining('settings.html#timeout'),
      },
    ]);
  });

  it.each(['chdir', 'user', 'group'])('about %s speak of this machine', (name) => {
    expect(read(`Invalid value for ${name}: x\n\n\nError: no such thing\n`)).toMatchObject([
      { level: 'unchecked' },
    ]);
  });

  const traceback = (last: string) =>
    `Failed to read config file: etc/shop/gunicorn.conf.py\nTraceback (most recent call last):\n  File "/x/gunicorn/app/base.py", line 111, in get_config_from_filename\n    spec.loader.exec_module(mod)\n  File "/stage/etc/shop/gunicorn.conf.py", line 6\n    threads = ((\n               ^\n${last}\n`;

  it('that are a traceback give the line of the file', () => {
    expect(read(traceback("SyntaxError: '(' was never closed"))).toMatchObject([
      { level: 'error', file: SHOWN, line: 6, message: "SyntaxError: '(' was never closed" },
    ]);
  });

  it.each([
    "ModuleNotFoundError: No module named 'shop'",
    "FileNotFoundError: [Errno 2] No such file or directory: '/proc/x'",
  ])('cannot be judged here: %s', (last) => {
    expect(read(traceback(last))).toMatchObject([{ level: 'unchecked', line: 6 }]);
  });

  it('without an error are a warning', () => {
    expect(read('Warning: option `ssl_version` is deprecated\n', 0)).toMatchObject([{ level: 'warning' }]);
  });

  it('that are not words of gunicorn mean that it does not work', () => {
    expect(read('bash: bad interpreter\n', 126)).toMatchObject([{ level: 'unchecked' }]);
  });

  it('of an older gunicorn say nothing about newer settings', () => {
    const files = editedFiles('/etc/shop/gunicorn.conf.py', 'timeout = 35', 'control_socket_disable = True');
    expect(read('', 0, '23.0.0', files)).toMatchObject([
      { level: 'unchecked', message: expect.stringContaining('does not know control_socket_disable') },
    ]);
    expect(read('', 0, '25.1.0', files)).toEqual([]);
  });
});
