import { expect, test } from 'vitest';
import { dollars, nasty, problemsOf, render, run, testWith } from '../../render/tools.ts';

const SUPERVISORD = 'process-managers/supervisord/supervisord.conf';
const CIRCUS = 'process-managers/circus/circus.ini';

/** In the Python that the program itself runs on. */
const inPythonOf = (program: string, script: string, input: string) =>
  JSON.parse(
    run('sh', ['-c', 'exec $(sed -n "1s/^#!//p" "$(command -v "$0")") -c "$1"', program, script], input),
  ) as string[];

/** The same strings each time, of characters that mean something to these parsers. */
const random = (() => {
  let seed = 5;
  const next = (below: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % below;
  };
  const alphabet = [...' ;;##$$(()))%%s[]=\\"\'aWID{}é'];
  return Array.from({ length: 600 }, () =>
    Array.from({ length: 1 + next(8) }, () => alphabet[next(alphabet.length)]).join(''),
  );
})();
const values = [...nasty, ...dollars, ...random, '$WID', 'a $(circus.sockets.web) ((circus.env.home))'];

/** What one value becomes; undefined where it is refused. */
const attempt = (path: string, source: string, v: string): string | undefined =>
  problemsOf(() => render(path, source, { v })).length > 0 ? undefined : render(path, source, { v });

testWith('supervisord', 'supervisord reads every word of a command back', () => {
  const read = `
import json, os, sys, tempfile
from supervisor.options import ServerOptions
import shlex
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.conf")
    open(path, "wb").write(b"[supervisord]\\nnodaemon=true\\n" + sys.stdin.buffer.read())
    options = ServerOptions()
    options.realize(["-n", "-c", path])
    programs = {one.name: shlex.split(one.process_configs[0].command)[1] for one in options.process_group_configs}
print(json.dumps([programs[name] for name in sorted(programs)]))
`;
  const name = (index: number) => `p${String(index).padStart(4, '0')}`;
  const text = values.map((v, index) =>
    render(SUPERVISORD, `[program:${name(index)}]\ncommand=/bin/x {{v}} y\n`, { v }),
  );
  expect(inPythonOf('supervisord', read, text.join(''))).toEqual(values);
});

testWith('supervisord', 'supervisord reads every other value back that can be held', () => {
  const read = `
import json, os, sys, tempfile
from supervisor.options import ServerOptions
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.conf")
    open(path, "wb").write(b"[supervisord]\\nnodaemon=true\\n" + sys.stdin.buffer.read())
    options = ServerOptions()
    options.realize(["-n", "-c", path])
    programs = {one.name: one.process_configs[0].environment["A"] for one in options.process_group_configs}
print(json.dumps([programs[name] for name in sorted(programs)]))
`;
  // Of an environment, the parser has a notation of its own on top: only plain values can be looked at in it.
  const plain = values.filter((v) => /^[\w %.$()éüö/@!?*<>|&-]+$/.test(v) && v.trim() === v);
  const held = plain.filter((v) => attempt(SUPERVISORD, 'a="{{v}}"\n', v) !== undefined);
  expect(held.length).toBeGreaterThan(50);
  const text = held.map((v, index) =>
    render(
      SUPERVISORD,
      `[program:p${String(index).padStart(4, '0')}]\ncommand=/bin/x\nenvironment=A="{{v}}"\n`,
      { v },
    ),
  );
  expect(inPythonOf('supervisord', read, text.join(''))).toEqual(held);
});

const CIRCUS_READER = `
import json, os, sys, tempfile, types
from circus.config import get_config
from circus.process import Process
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a.ini")
    open(path, "wb").write(sys.stdin.buffer.read())
    watchers = get_config(path)["watchers"]
`;

testWith('circusd', 'Circus reads every word of a command back', () => {
  const read = `${CIRCUS_READER}
def words(watcher):
    process = Process("x", 1, watcher["cmd"], spawn=False, use_fds=True)
    return process.format_args({"web": 7})
print(json.dumps([words(one)[1] for one in watchers]))
`;
  const text = values.map((v, index) =>
    render(CIRCUS, `[watcher:p${String(index).padStart(4, '0')}]\ncmd = /bin/x {{v}} y\n`, { v }),
  );
  expect(inPythonOf('circusd', read, text.join(''))).toEqual(values);
});

testWith('circusd', 'Circus reads every other value back that can be held', () => {
  const read = `${CIRCUS_READER}
print(json.dumps([one["working_dir"] for one in watchers]))
`;
  const held = values.filter((v) => attempt(CIRCUS, 'working_dir = {{v}}\n', v) !== undefined);
  expect(held.length).toBeGreaterThan(100);
  const text = held.map((v, index) =>
    render(CIRCUS, `[watcher:p${String(index).padStart(4, '0')}]\ncmd = x\nworking_dir = {{v}}\n`, { v }),
  );
  expect(inPythonOf('circusd', read, text.join(''))).toEqual(held);
});

test.each([
  [SUPERVISORD, 'a={{v}}\n', 'x ;y', 'takes what follows for a comment'],
  [SUPERVISORD, 'a={{v}}\n', 'x #y', 'takes what follows for a comment'],
  [SUPERVISORD, 'a=b {{v}}\n', ';c', 'more than a character'],
  [SUPERVISORD, 'a={{v}}\n', '', 'an empty value'],
  [SUPERVISORD, 'a={{v}}\n', ' x', 'at the start or end'],
  [SUPERVISORD, '[program:{{v}}]\n', 'a]b', 'a name cannot hold'],
  [CIRCUS, 'a = {{v}}\n', '$(x)', 'a comment or a variable'],
  [CIRCUS, 'a = {{v}}\n', '((x))', 'a comment or a variable'],
  [CIRCUS, 'cmd = {{v}}\n', 'a\nb', 'a line end'],
])('%s: %j cannot hold %j', (path, source, v, message) => {
  expect(problemsOf(() => render(path, source, { v })).join()).toContain(message);
});

test.each([
  [SUPERVISORD, 'command=x{{v}}\n', 'a whole word'],
  [SUPERVISORD, "command='{{v}}'\n", 'a whole word'],
  [SUPERVISORD, '{{v}}=a\n', 'behind a key'],
  [SUPERVISORD, 'a=b\n  {{v}}\n', 'goes on with the one before'],
  [CIRCUS, 'cmd = "a\n', 'not closed'],
  [CIRCUS, 'a\n', 'not complete'],
])('%s: %j does not compile', (path, source, message) => {
  expect(problemsOf(() => render(path, source, { v: 'x' })).join()).toContain(message);
});
