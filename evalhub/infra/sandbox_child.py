"""The child of `sandbox`: gives up what it can, then calls the one function it was started for.

Run as a script (`python -I sandbox_child.py PARENT_OF_PACKAGE ORDER`); the file to read is standard input, the JSON
answer goes to standard output. Order of surrender: limits of the kernel, network, then (modules loaded) user and
descriptors, then the doors of Python itself.
"""

import codecs
import ctypes
import importlib
import json
import os
import resource
import sys
import types
from collections.abc import Callable
from typing import Any

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_NOBODY = 65534
_CODECS = ("utf-8", "utf-16", "ascii", "cp437", "latin-1", "gb18030", "idna")  # loaded from disk at first use
_CLOSED_DOORS = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "ctypes.")


def main(package_parent: str, order_text: str) -> None:
    """Do the order and print the answer; a failure is an answer too."""
    order = json.loads(order_text)
    _limit_resources(**{name: order["limits"][name] for name in ("cpu_seconds", "memory_bytes")})
    _leave_network()
    function = _load(package_parent, order["function"])
    for name in _CODECS:
        codecs.lookup(name)
    _become_nobody()
    sys.addaudithook(_refuse_doors)
    try:
        reply = json.dumps({"answer": function(sys.stdin.buffer, **order["options"])}).encode()
    except BaseException as error:
        reply = json.dumps({"failed": type(error).__name__, "detail": str(error)[:200]}).encode()
    _write_all(reply)
    os._exit(0)


def _limit_resources(cpu_seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def _leave_network() -> None:
    """Into a network namespace with nothing in it; where the kernel forbids that, the audit hook still stands."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.unshare(_CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWUSER | _CLONE_NEWNET)


def _load(package_parent: str, function: str) -> Callable[..., Any]:
    """The function, imported without `evalhub/__init__`, which would load the whole application into the child."""
    sys.path.append(package_parent)
    package = types.ModuleType("evalhub")
    package.__path__ = [os.path.join(package_parent, "evalhub")]
    sys.modules["evalhub"] = package
    module_name, _, name = function.partition(":")
    loaded: Callable[..., Any] = getattr(importlib.import_module(module_name), name)
    return loaded


def _become_nobody() -> None:
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _refuse_doors(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse files by name, sockets, processes and foreign functions from here on."""
    if event == "open" and not isinstance(arguments[0], int):
        raise PermissionError("a file by name")
    if event.startswith(_CLOSED_DOORS):
        raise PermissionError(event)


def _write_all(reply: bytes) -> None:
    while reply:
        reply = reply[os.write(sys.stdout.fileno(), reply) :]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
