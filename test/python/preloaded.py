"""Runs Python programs in copies of a process that has loaded PyTorch.

    python preloaded.py SOCKET OWNER

Loading PyTorch takes seconds, a copy of a process milliseconds. `preloaded_client.py` is
called as Python is; it sends its words, environment, folder and standard streams through
the socket, then signals, and gets what `os.waitpid` tells of the copy. A client that goes
away takes its copy with it, and the processes that the copy started. Ends when the process
OWNER or the socket is no longer there, and removes the socket.
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import types

# The second is what the first optimizer loads.
LOADED = (
    *("torch", "torch._dynamo", "torch.distributed.run", "torch.utils.data"),
    *("numpy", "PIL.Image", "safetensors.torch"),
)


def serve(place, owner):
    """Answers calls. Returns in copies alone: what they were asked to run."""
    for name in LOADED:
        importlib.import_module(name)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(place + ".new")
    listener.listen(64)
    os.rename(place + ".new", place)
    woken, waker = os.pipe()
    os.set_blocking(woken, False)
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    copies = {}  # of each connection, the process
    # What is never looked at for garbage is never copied for it.
    gc.collect()
    gc.freeze()
    while os.path.exists(place) and is_alive(owner):
        readable, _, _ = select.select([listener, woken, *copies], [], [], 1)
        if woken in readable:
            os.read(woken, 4096)
            report_ends(copies)
        for connection in [each for each in readable if each in copies]:
            sent = connection.recv(64)
            for number in sent:
                os.kill(copies[connection], number)
            if not sent:
                end(copies.pop(connection))
                connection.close()
        if listener in readable:
            connection, _ = listener.accept()
            words, streams = receive(connection)
            copy = os.fork()
            if copy == 0:
                os.setpgid(0, 0)
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in [listener, connection, *copies]:
                    each.close()
                os.close(woken)
                os.close(waker)
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                    os.close(stream)
                return words
            copies[connection] = copy
            for stream in streams:
                os.close(stream)
    for copy in copies.values():
        end(copy)
    if os.path.exists(place):
        os.remove(place)
    sys.exit()


def end(copy):
    """Ends a copy, and the workers that it started."""
    os.kill(copy, signal.SIGKILL)
    os.waitpid(copy, 0)
    end_workers(copy)


def end_workers(copy):
    """Ends what a copy that has ended left behind: all that is in its group."""
    try:
        os.killpg(copy, signal.SIGKILL)
    except ProcessLookupError:
        pass


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def report_ends(copies):
    """Tells clients of the copies that have ended."""
    for connection, copy in list(copies.items()):
        ended, status = os.waitpid(copy, os.WNOHANG)
        if ended == 0:
            continue
        end_workers(copy)
        del copies[connection]
        try:
            connection.sendall(status.to_bytes(4, "big"))
        except OSError:
            pass
        connection.close()


def receive(connection):
    """A call: how many bytes it has, with the standard streams; then those bytes."""
    length, streams, _, _ = socket.recv_fds(connection, 4, 3)
    with connection.makefile("rb") as file:
        call = json.loads(file.read(int.from_bytes(length, "big")))
    return call, streams


def run(words, environment, folder):
    """Does what Python does with these words."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # Options of the interpreter: -B and -u, which the copy has.
    while words[0] in ("-B", "-u"):
        words = words[1:]
    how, *rest = words
    if how == "-m":
        sys.argv = rest
        sys.path[0] = folder
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
        return
    main = types.ModuleType("__main__")
    sys.modules["__main__"] = main
    if how == "-c":
        sys.argv = ["-c", *rest[1:]]
        sys.path[0] = ""
        code = compile(rest[0], "<string>", "exec")
    else:
        sys.argv = words
        sys.path[0] = os.path.dirname(os.path.abspath(how))
        main.__file__ = how
        with open(how, encoding="utf8") as file:
            code = compile(file.read(), how, "exec")
    exec(code, main.__dict__)


run(**serve(sys.argv[1], int(sys.argv[2])))
