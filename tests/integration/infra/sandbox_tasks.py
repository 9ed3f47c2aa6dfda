"""What a hostile or broken parser might do, called inside the sandbox's child by test_sandbox."""

import os
import socket
import sqlite3
import subprocess
import threading
import time


def echo(file, **options):
    return {"read": file.read().decode(), "options": options}


def burn_time(file):
    while True:
        pass


def sleep(file):
    time.sleep(60)


def take_memory(file):
    return len(bytearray(600 * 1024 * 1024))


def talk_much(file):
    return "x" * 2_000_000


def end_process(file):
    os._exit(7)


def raise_error(file):
    raise KeyError("broken")


def open_path(file, path):
    with open(path) as other:
        return other.read()


def open_by_compiled_code(file, path):
    with sqlite3.connect(path) as connection:
        return connection.execute("select secret from secrets").fetchone()


def write_into_source(file):
    return os.write(file.fileno(), b"changed")


def connect(file, port):
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return "connected"


def start_process(file):
    return subprocess.run(["/bin/echo", "hello"], capture_output=True, check=True).stdout.decode()


def fork(file):
    return os.fork()


def start_thread(file):
    threading.Thread(target=print).start()


def who(file):
    return {"uid": os.getuid(), "groups": os.getgroups(), "environment": sorted(os.environ), "cwd": os.getcwd()}
