import { describe, expect, it } from 'vitest';
import { evaluator } from '../../src/evaluate/index.ts';
import { toValue } from '../../src/evaluate/to-value.ts';
import type { Value } from '../../src/words/value.ts';
import { memoryProject } from '../detect/memory-project.ts';

const DEBUG = { DEBUG: { value: false, unless: 'DEBUG is on' } };

/** Evaluates site/settings.py (the site's folder is a package below the top), and gives its value of `x`. */
function value(source: string, more: Record<string, string | undefined> = {}, name = 'x'): Value<unknown> {
  const files = { 'site/settings.py': source, 'site/__init__.py': '', ...more };
  const found = evaluator(memoryProject(files), { roots: [''], assume: DEBUG })
    .module('site/settings.py')
    ?.get(name);
  return found ? toValue(found, { base: '' }) : { kind: 'absent' };
}

function short(found: Value<unknown>): unknown {
  switch (found.kind) {
    case 'known':
      return found.value;
    case 'default':
      return { default: found.value, unless: found.unless };
    case 'one-of':
      return { oneOf: found.options.map((option) => [option.when, option.value]) };
    case 'unknown':
      return { unknown: found.because };
    default:
      return 'absent';
  }
}

const PRELUDE = `import os, sys
from os import environ, getenv
from os.path import join, dirname, abspath
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
HERE = os.path.dirname(os.path.abspath(__file__))
`;

describe('constants and expressions', () => {
  it.each<[string, unknown]>([
    ['1_000 + 0x10', 1016],
    ['sorted(["b", "a"])', ['a', 'b']],
    ['sorted(["a", "b"], reverse=True)', undefined],
    ['sorted(["B", "a"], key=str.lower)', undefined],
    ['int(" 1_0 ")', 10],
    ['int("10", 16)', undefined],
    ['int("1e3")', undefined],
    ['len(["a", "b"])', 2],
    ['len({1, 1})', undefined],
    ['len(str(BASE_DIR))', undefined],
    ['dict({"a": 1}, **elsewhere)', undefined],
    ['os.path.join("a", *elsewhere)', undefined],
    ['10 * 1024 ** 2', 10485760],
    ['-7 // 2', -4],
    ['7 / 2', 3.5],
    ['0o17', 15],
    ['not True', false],
    ['None', null],
    ['"a" "b" \'c\'', 'abc'],
    ['("a"\n  "b")', 'ab'],
    ['"a\\n\\x41\\u00e9\\101\\q"', 'a\nAéA\\q'],
    ['r"a\\n"', 'a\\n'],
    ['"""a\nb"""', 'a\nb'],
    ['f"{1 + 1}-{"z"}{{}}"', '2-z{}'],
    ['"%s-%d%%" % ("a", 3)', 'a-3%'],
    ['"%(a)s" % {"a": "b"}', 'b'],
    ['"{}-{b}-{0}".format("a", b="c")', undefined],
    ['"{0}-{b}".format("a", b="c")', 'a-c'],
    ['", ".join(["a", "b"])', 'a, b'],
    ['" a ,b".strip().split(",")', ['a ', 'b']],
    ['"abc"[1:]', 'bc'],
    ['[1, *[2, 3], 4][-1]', 4],
    ['(1,)', [1]],
    ['(1)', 1],
    ['()', []],
    ['1, 2', [1, 2]],
    ['{"a": {"b": [1]}}["a"]["b"]', [1]],
    ['{**{"a": 1}, "b": 2}', { a: 1, b: 2 }],
    ['{"a": 1} | {"b": 2}', { a: 1, b: 2 }],
    ['{"a": 1}.get("b", "z")', 'z'],
    ['"a" in ("a", "b")', true],
    ['"a" not in "abc"', false],
    ['1 if "" else 2', 2],
    ['"" or "b"', 'b'],
    ['"a" and "b"', 'b'],
    ['None is None', true],
    ['"a" != "b"', true],
    ['3 <= 3', true],
    ['[v.upper() for v in ["a", "b"] if v != "a"]', ['B']],
    ['{k: v for k, v in {"a": 1}.items()}', { a: 1 }],
    ['list(map(str.strip, "a , b".split(",")))', ['a', 'b']],
    ['list(filter(None, ["a", ""]))', ['a']],
    ['dict(a=1, **{"b": 2})', { a: 1, b: 2 }],
    ['(lambda a, b=2: a + b)(1)', 3],
    ['int("5") + len([1, 2])', 7],
    ['bool("x")', true],
    ['getattr(Path("/a/b"), "name")', 'b'],
  ])('%s', (source, expected) => {
    const found = value(`${PRELUDE}x = ${source}\n`);
    if (expected === undefined) expect(found.kind).toBe('unknown');
    else expect(short(found)).toEqual(expected);
  });

  it('says what it cannot know, and where', () => {
    const found = value('import secrets\n\nx = secrets.token_hex()\n');
    expect(found).toEqual({
      kind: 'unknown',
      because: 'it is what secrets.token_hex() returns at run time',
      from: [{ file: 'site/settings.py', line: 3 }],
    });
  });

  it.each(['0777', '10L', '"abc', '`a`', 'ur"a"', '1 < 2 < 3 < y', 'await y', 'y'])(
    'is not sure of %s',
    (source) => {
      expect(value(`x = ${source}\n`).kind).toBe('unknown');
    },
  );
});

describe('paths', () => {
  it.each<[string, string]>([
    ['BASE_DIR', '.'],
    ['BASE_DIR / "static" / "x"', 'static/x'],
    ['BASE_DIR.parent / "static"', '../static'],
    ['Path(__file__).parents[1].joinpath("a", "b")', 'a/b'],
    ['str(BASE_DIR / "static")', 'static'],
    ['os.path.join(BASE_DIR, "a", "b/")', 'a/b'],
    ['join(dirname(dirname(abspath(__file__))), "a")', 'a'],
    ['os.path.join(HERE, "..", "a")', 'a'],
    ['HERE + "/a"', 'site/a'],
    ['"%s/a" % HERE', 'site/a'],
    ['f"{BASE_DIR}/a"', 'a'],
    ['"{}/a".format(BASE_DIR)', 'a'],
    ['os.path.join(BASE_DIR, "/srv/a")', '/srv/a'],
    ['Path("/srv") / "a"', '/srv/a'],
    ['"staticfiles"', 'staticfiles'],
    ['os.path.normpath(os.path.join(HERE, "../../a"))', '../a'],
  ])('%s', (source, expected) => {
    expect(short(value(`${PRELUDE}x = ${source}\n`))).toBe(expected);
  });

  it('understands the paths of django-environ', () => {
    const source =
      'import environ\nROOT = environ.Path(__file__) - 2\nx = [str(ROOT), ROOT("static"), str(ROOT.path("a"))]\n';
    expect(short(value(source))).toEqual(['.', 'static', 'a']);
  });

  it('carries the place of the assignment first, then of what it was made from', () => {
    const found = value(`${PRELUDE}x = BASE_DIR / "a"\n`);
    expect(found).toMatchObject({ from: [{ line: 7 }, { line: 5 }] });
  });
});

describe('statements', () => {
  it.each<[string, string, unknown]>([
    ['chained and unpacked assignment', 'y = x, z = 1, 2\nx = [x, y]\n', [1, [1, 2]]],
    ['annotated assignment', 'x: int = 1\n', 1],
    ['list +=', 'x = ["a"]\nx += ["b"]\nx += ("c",)\n', ['a', 'b', 'c']],
    [
      'list methods',
      'x = ["b"]\nx.append("d")\nx.insert(0, "a")\nx.extend(["e"])\nx.remove("d")\n',
      ['a', 'b', 'e'],
    ],
    [
      'dict items',
      'x = {}\nx["a"] = {"b": 1}\nx["a"]["c"] = 2\nx.update(d=3)\n',
      { a: { b: 1, c: 2 }, d: 3 },
    ],
    [
      'items of lists',
      'x = [{"o": {}}]\nx[0]["o"]["p"] = ["q"]\nx[0]["o"]["p"].append("r")\n',
      [{ o: { p: ['q', 'r'] } }],
    ],
    [
      'for over a known list',
      'x = []\nfor a, b in [("1", "2"), ("3", "4")]:\n    x.append(a + b)\n',
      ['12', '34'],
    ],
    ['globals()', 'globals()["x"] = 1\n', 1],
    [
      'a condition that is known',
      'A = True\nif not A:\n    x = 1\nelif A:\n    x = 2\nelse:\n    x = 3\n',
      2,
    ],
    ['one line and semicolons', 'if True: y = 1; x = 2\n', 2],
    [
      'functions',
      'def f(a, *rest, b="z", **more):\n    if a == 1:\n        return [a, b, rest, more]\n    return 0\nx = f(1, 2, c=3)\n',
      [1, 'z', [2], { c: 3 }],
    ],
    ['with', 'with open("x") as f:\n    y = 1\nx = 2\n', 2],
    ['del', 'x = 1\ndel x\n', 'absent'],
    ['the platform', 'import sys\nx = "w" if sys.platform == "win32" else "l"\n', 'l'],
  ])('%s', (_name, source, expected) => {
    expect(short(value(source))).toEqual(expected);
  });

  it('forgets what is set in a loop that is not followed', () => {
    expect(short(value('x = 1\nwhile y():\n    x = 2\n'))).toEqual({ unknown: 'it is set in a loop' });
    expect(short(value('x = ["a"]\nfor y in z():\n    x.append(y)\n'))).toMatchObject({
      unknown: 'it is set in a loop',
    });
  });

  it('keeps each branch with its condition', () => {
    const found = value(
      'from y import A\nif A == 1:\n    x = "a"\nelif A == 2:\n    x = "b"\nelse:\n    x = "c"\n',
    );
    expect(short(found)).toEqual({
      oneOf: [
        ['if A == 1', 'a'],
        ['unless A == 1, if A == 2', 'b'],
        ['unless A == 1, unless A == 2', 'c'],
      ],
    });
    expect(found).toMatchObject({
      options: [{ from: [{ line: 3 }] }, { from: [{ line: 5 }] }, { from: [{ line: 7 }] }],
    });
  });

  it('does not mix what follows from the same condition', () => {
    const source =
      'from y import A\nif A:\n    a = "1"\nelse:\n    a = "2"\nif not A:\n    b = "2"\nelse:\n    b = "1"\nx = a + b\n';
    expect(short(value(source))).toEqual({
      oneOf: [
        ['if A', '11'],
        ['if not A', '22'],
      ],
    });
  });

  it('says where a branch sets nothing', () => {
    expect(short(value('from y import A\nif A:\n    x = 1\n'))).toEqual({
      oneOf: [
        ['if A', 1],
        ['if not A', null],
      ],
    });
  });

  it('keeps items that are there only under a condition', () => {
    const source =
      'from y import A, B\nL = ["a"]\nif A:\n    L += ["b"]\nif B:\n    L.insert(0, "c")\nx = "a" in L, "z" in L\ny = "b" in L\n';
    expect(short(value(source))).toEqual([true, false]);
    expect(short(value(source, {}, 'y'))).toEqual({
      oneOf: [
        ['if A', true],
        ['if not A', false],
      ],
    });
  });

  it('takes DEBUG for off where the source leaves it open, and says so', () => {
    const source =
      'import os\nDEBUG = bool(os.environ.get("DEBUG"))\nif DEBUG:\n    x = "dev"\nelse:\n    x = "prod"\ny = not DEBUG\n';
    expect(short(value(source))).toEqual({ default: 'prod', unless: 'DEBUG is on' });
    expect(short(value(source, {}, 'y'))).toEqual({ default: true, unless: 'DEBUG is on' });
    expect(short(value(source, {}, 'DEBUG'))).toEqual({
      default: false,
      unless: 'the environment variable DEBUG is set',
    });
    expect(short(value('DEBUG = True\nx = 1 if DEBUG else 2\n'))).toBe(1);
  });

  it('takes a server for no test run', () => {
    const found = value('import sys\nx = len(sys.argv) > 1 and sys.argv[1] == "test"\n');
    expect(found).toMatchObject({ kind: 'default', value: false });
  });
});

describe('imports', () => {
  it('follows star imports, relative and absolute imports, and modules', () => {
    const source =
      'from .base import *\nfrom .base import y as w, _hidden\nfrom site import base\nfrom lib.deep import D\nx = [y, w, _hidden, base.y, D]\n';
    const more = { 'site/base.py': 'y = 1\n_hidden = 2\n', 'lib/deep.py': 'D = 3\n' };
    expect(short(value(source, more))).toEqual([1, 1, 2, 1, 3]);
    expect(short(value('from .base import *\nx = _hidden\n', more))).toEqual({
      unknown: 'the name _hidden is not defined in the source',
    });
  });

  it('obeys __all__, and sees through packages', () => {
    const more = {
      'site/base/__init__.py': 'from .part import *\n__all__ = ["y"]\nz = 1\n',
      'site/base/part.py': 'y = 2\n',
    };
    expect(short(value('from .base import *\nx = y\n', more))).toBe(2);
    expect(short(value('from .base import *\nx = z\n', more))).toMatchObject({ unknown: expect.any(String) });
  });

  it('survives cycles', () => {
    const more = { 'site/a.py': 'from .settings import y\nz = y + 1\n' };
    expect(short(value('y = 1\nfrom .a import *\nx = z\n', more))).toBe(2);
    expect(short(value('from .settings import *\nx = 1\n'))).toBe(1);
  });

  it('doubts what a module that is not in the project may overwrite', () => {
    const source = 'X = 1\nL = 2\ntry:\n    from .local import *\nexcept ImportError:\n    pass\n';
    expect(short(value(source, {}, 'X'))).toEqual({
      default: 1,
      unless: 'the module .local, which is not in the project, sets it',
    });
    expect(short(value(source, { 'site/local.py': 'X = 3\n' }, 'X'))).toBe(3);
    expect(short(value('from .secrets import *\nx = KEY\n'))).toEqual({
      unknown: 'KEY may come from the module .secrets, which is not in the project',
    });
  });

  it('keeps both ways where a library may be missing', () => {
    const source =
      'x = ["a"]\ntry:\n    import debug_toolbar\n    x += ["b"]\nexcept ImportError:\n    pass\n';
    expect(short(value(source))).toEqual({
      oneOf: [
        ['if debug_toolbar can be imported', ['a', 'b']],
        ['if debug_toolbar cannot be imported', ['a']],
      ],
    });
    expect(short(value('try:\n    import os\n    x = 1\nexcept ImportError:\n    x = 2\n'))).toBe(1);
  });

  it('runs the files of django-split-settings in their order', () => {
    const source =
      'from split_settings.tools import include, optional\ninclude("parts/*.py", optional("local.py"))\n';
    expect(short(value(source, { 'site/parts/a.py': 'x = [1]\n', 'site/parts/b.py': 'x += [2]\n' }))).toEqual(
      [1, 2],
    );
  });
});

describe('the environment', () => {
  const isSet = (name: string) => `the environment variable ${name} is set`;
  const env =
    'import os, environ\nenv = environ.Env(S=(bool, False))\nfrom decouple import config, Csv\nfrom environs import Env\nother = Env()\n';

  it.each<[string, unknown]>([
    ['os.environ["X"]', { unknown: 'read from the environment variable X' }],
    ['os.environ.get("X")', { default: null, unless: isSet('X') }],
    ['os.environ.get("X", "d")', { default: 'd', unless: isSet('X') }],
    ['os.getenv("X", default="d")', { default: 'd', unless: isSet('X') }],
    ['os.environ.get("X") == "1"', { default: false, unless: isSet('X') }],
    ['os.environ.get("X", "a,b").split(",")', { default: ['a', 'b'], unless: isSet('X') }],
    ['[h for h in os.environ.get("X", "").split(",") if h]', { default: [], unless: isSet('X') }],
    ['int(os.environ.get("X", "5"))', { default: 5, unless: isSet('X') }],
    ['os.environ.get("X") or "d"', { default: 'd', unless: isSet('X') }],
    [
      'os.environ.get("X", os.environ.get("Y", "d"))',
      { default: 'd', unless: `${isSet('X')} or ${isSet('Y')}` },
    ],
    ['"X" in os.environ', { default: false, unless: isSet('X') }],
    ['os.environ["X"] if "X" in os.environ else "d"', { default: 'd', unless: isSet('X') }],
    ['os.environ["X"].split(",")', { unknown: 'read from the environment variable X' }],
    ['["a", os.environ["X"]]', { unknown: 'a part of it: read from the environment variable X' }],
    ['env("X")', { unknown: 'read from the environment variable X' }],
    ['env("X", default="d")', { default: 'd', unless: isSet('X') }],
    ['env.bool("X", default=True)', { default: true, unless: isSet('X') }],
    ['env.list("X", default=["a"])', { default: ['a'], unless: isSet('X') }],
    ['env("S")', { default: false, unless: isSet('S') }],
    [
      'env.db("X", default="sqlite:///a.db")["ENGINE"]',
      { default: 'django.db.backends.sqlite3', unless: isSet('X') },
    ],
    ['env.db()', { unknown: 'read from the environment variable DATABASE_URL' }],
    ['other.bool("X", False)', { default: false, unless: isSet('X') }],
    ['other("X", "d")', { default: 'd', unless: isSet('X') }],
    ['config("X")', { unknown: 'read from the environment variable X' }],
    ['config("X", default="False", cast=bool)', { default: false, unless: isSet('X') }],
    ['config("X", default="1", cast=int)', { default: 1, unless: isSet('X') }],
    ['config("X", default="a, b", cast=Csv())', { default: ['a', 'b'], unless: isSet('X') }],
    ['config("X", default="a,b", cast=lambda v: v.split(","))', { default: ['a', 'b'], unless: isSet('X') }],
  ])('%s', (source, expected) => {
    expect(short(value(`${env}x = ${source}\n`))).toEqual(expected);
  });

  it('follows helper functions', () => {
    const helpers = `import os
def need(name):
    try:
        return os.environ[name]
    except KeyError:
        raise RuntimeError(name)
def flag(name, default=False):
    value = os.environ.get(name)
    if value is None:
        return default
    return value.lower() in ("1", "true")
def allowed(name, default):
    value = os.getenv(name, default)
    if value not in ("a", "b"):
        raise ValueError(value)
    return value
`;
    expect(short(value(`${helpers}x = need("A")\n`))).toEqual({
      unknown: 'read from the environment variable A',
    });
    expect(short(value(`${helpers}x = flag("A", True)\n`))).toEqual({ default: true, unless: isSet('A') });
    expect(short(value(`${helpers}x = allowed("A", "b")\n`))).toEqual({ default: 'b', unless: isSet('A') });
  });

  it('does not take a default for the value in the branch where it does not hold', () => {
    const source = 'import os\nU = os.getenv("U")\nx = "sqlite"\nif U is not None:\n    x = U\n';
    expect(short(value(source))).toEqual({ default: 'sqlite', unless: isSet('U') });
  });

  it('lists the variables, and which of them are required', () => {
    const source = `import os
a = os.environ["A"]
b = os.environ.get("B", "x")
if b == "y":
    c = os.environ["C"]
try:
    d = os.environ["D"]
except KeyError:
    d = ""
DEBUG = os.environ.get("DEBUG") == "1"
if not DEBUG:
    e = os.environ["E"]
def need(name):
    return os.environ[name]
f = need("F")
`;
    const project = memoryProject({ 's.py': source });
    const run = evaluator(project, { roots: [''], assume: DEBUG });
    run.module('s.py');
    const reads = run.environment();
    expect(reads.filter((read) => read.required).map((read) => read.name)).toEqual(['A', 'E', 'F']);
    expect(reads.filter((read) => !read.required).map((read) => read.name)).toEqual(['B', 'C', 'D', 'DEBUG']);
    expect(reads.find((read) => read.name === 'F')?.from).toEqual([{ file: 's.py', line: 15 }]);
  });
});

describe('what is not quite Python', () => {
  it('uses the readable part and names the rest', () => {
    const source = 'y = [1, 2\nx = 3\nprint "hello"\nz = 0777\n';
    const run = evaluator(memoryProject({ 's.py': source }), { roots: [''] });
    const module = run.module('s.py');
    expect(short(toValue(module?.get('x') ?? [], { base: '' }))).toBe(3);
    expect(short(toValue(module?.get('y') ?? [], { base: '' }))).toEqual({
      unknown: 'the Python here could not be read',
    });
    expect(run.warnings()).toEqual([
      {
        ...{ code: 'project-source-odd', tool: 'project', level: 'warning', file: 's.py', line: 1 },
        remedy: expect.any(String),
        message: 's.py has Python that could not be read (line 1); the rest of it was used',
        from: [{ file: 's.py', line: 1 }],
      },
    ]);
  });

  it('trusts neither side of an unfinished merge', () => {
    const source = 'a = 1\n<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> theirs\nb = 1\n';
    expect(value(source).kind).toBe('unknown');
    expect(short(value(source, {}, 'b'))).toBe(1);
  });

  it('reads Python 2', () => {
    const source =
      'try:\n    import x\nexcept Exception, e:\n    print "no", e\nexec "y = 1"\nx = u"a" "b"\n';
    expect(short(value(source))).toBe('ab');
  });

  it('reads any line end, a byte order mark, and bytes that are not text', () => {
    expect(short(value('\uFEFFif True:\r\n    x = "a"\r\n'))).toBe('a');
    expect(short(value('y = 1\rx = 2\r'))).toBe(2);
    expect(short(value('# -*- coding: latin-1 -*-\nx = "caf\uFFFD"\n'))).toBe('caf\uFFFD');
    expect(value('\u0000\u0001\u0002x = = (\n').kind).not.toBe('known');
    expect(value('x = 1\r\n\r\ny = 2\r\n', {}, 'y')).toMatchObject({ from: [{ line: 3 }] });
  });

  it('says that a file could not be read', () => {
    const run = evaluator(memoryProject({ 's.py': undefined }), { roots: [''] });
    run.module('s.py');
    expect(run.warnings()[0]?.message).toBe('s.py could not be read as text');
  });
});

describe('hostile sources end in bounded time', () => {
  const line = (count: number, of: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => of(i)).join('');
  const nested = (depth: number) =>
    `${line(depth, (i) => `${' '.repeat(i)}if True:\n`)}${' '.repeat(depth)}x = 1\n`;

  it.each<[string, string, unknown]>([
    ['fifty nested ifs', `x = 0\n${nested(50)}`, 1],
    ['nested deeper than Python allows', `x = 0\n${nested(200)}`, expect.anything()],
    ['a megabyte of assignments', 'x = "abcdefg" + "b"\n'.repeat(52_000), 'abcdefgb'],
    ['a megabyte of list', `x = [\n${'  ("ab", "cdefgh"),\n'.repeat(50_000)}]\n`, expect.anything()],
    [
      'more appends than are read',
      `x = []\n${'x.append("a")\n'.repeat(50_000)}`,
      { unknown: expect.any(String) },
    ],
    ['garbage', 'x = ] ( } : if \n'.repeat(60_000), { unknown: expect.any(String) }],
    ['brackets', `x = ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`, { unknown: expect.any(String) }],
    ['brackets that are closed and were never opened', `x = 1\n${')'.repeat(100_000)}\n`, 1],
    ['brackets in texts', `x = [${`'(', "[", # {\n`.repeat(300)}]\n`, expect.any(Array)],
    ['strings that are never closed', `x = 1\n${'"\\"'.repeat(400_000)}\n`, 1],
    ['brackets after a line of a string that goes on', `${'y = "a \\\n (b"\n'.repeat(300)}x = 1\n`, 1],
    ['brackets after escaped quotes', `y = """a \\""" (b"""\n${'z = """("""\n'.repeat(300)}x = 1\n`, 1],
    ['lists that double', `x = ["a"]\n${'x = x + x\n'.repeat(60)}`, { unknown: expect.any(String) }],
    [
      'lists of lists that double',
      `x = ["a"]\n${'x = [x, x]\n'.repeat(60)}`,
      { unknown: expect.any(String) },
    ],
    ['texts that double', `x = "a"\n${'x = x + x\n'.repeat(60)}`, { unknown: expect.any(String) }],
    ['recursion', 'def f(n):\n    return f(n) + f(n) + f(n)\nx = f(1)\n', { unknown: expect.any(String) }],
    [
      'a thousand conditions',
      `import os\nx = "a"\n${line(1000, (i) => `if os.environ.get("A${i}"):\n    x += "b"\n`)}`,
      { unknown: 'it depends on too many conditions' },
    ],
    [
      'a thousand branches',
      `import os\nif os.environ.get("A"):\n    x = 0\n${line(1000, (i) => `elif os.environ.get("A${i}"):\n    x = ${i}\n`)}`,
      { unknown: expect.any(String) },
    ],
  ])('%s', { timeout: 20_000 }, (_name, source, expected) => {
    expect(short(value(source))).toEqual(expected);
  });
});
