"""The child of `sandbox`: gives up what it can, then calls the one function it was started for.

Run as a script (`python -I sandbox_child.py PARENT_OF_PACKAGE ORDER`); the file to read is standard input, the JSON
answer goes to standard output. Order of surrender: limits of the kernel, network, then (modules loaded) the file
system, the user, and the doors of Python itself.
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
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446  # system calls of Linux 5.13, one number on all machines
_LANDLOCK_FILES, _LANDLOCK_NETWORK = (1 << 13) - 1, 0b11  # every right of its first version; TCP bind and connect
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
    _leave_files()
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


def _leave_files() -> None:
    """Open nothing by name from here on, compiled parsers included; a kernel without Landlock leaves it to the rest."""
    libc = ctypes.CDLL(None)
    version = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    handled = (ctypes.c_uint64 * 2)(_LANDLOCK_FILES, _LANDLOCK_NETWORK)
    size = ctypes.c_size_t(16 if version >= 4 else 8)
    rules = libc.syscall(_LANDLOCK_CREATE_RULESET, handled, size, 0)
    if rules >= 0:
        libc.syscall(_LANDLOCK_RESTRICT_SELF, rules, 0)
        os.close(rules)


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
