"""Called as Python is, runs its words in a copy of the process of `preloaded.py`.

python preloaded_client.py SOCKET WORDS...
"""

import json
import os
import signal
import socket
import sys
import time

place, *words = sys.argv[1:]
# The process may just have been started.
for _ in range(6000):
    if os.path.exists(place):
        break
    time.sleep(0.02)
connection = socket.socket(socket.AF_UNIX)
connection.connect(place)
call = {"words": words, "environment": dict(os.environ), "folder": os.getcwd()}
text = json.dumps(call).encode()
for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(each, lambda number, _: connection.send(bytes([number])))
socket.send_fds(connection, [len(text).to_bytes(4, "big")], [0, 1, 2])
connection.sendall(text)
# What the copy holds alone can end.
for stream in range(3):
    os.close(stream)
status = int.from_bytes(connection.recv(4), "big")
if os.WIFSIGNALED(status):
    signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
    os.kill(os.getpid(), os.WTERMSIG(status))
os._exit(os.WEXITSTATUS(status))
