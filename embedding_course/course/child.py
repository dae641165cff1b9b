"""Runs a function in a process of its own, forked from one that has imported torch already.

What comes back is JSON, so nothing that a child sends can run here.
"""
import contextlib
import json
import multiprocessing
import os
import signal
import sys
import time
from functools import lru_cache

from .problem import Problem

MOST_BYTES = 64 * 2**20
START = 60   # seconds for the first process, which imports torch on a machine that may be busy
WHAT_LESSONS_IMPORT = ("embedding_course.checking.cell", "embedding_course.data", "embedding_course.figures",
                       "embedding_course.rows", "matplotlib.pyplot", "pandas", "torch._dynamo")
THREADS = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


def in_child(function, *arguments, timeout: float = 60):
    """What `function(*arguments)` returns, as plain data, from a fresh process.

    function : importable by name; arguments : anything that can be pickled
    timeout : seconds that it may work; it may wait longer, for a processor that others have
    raises : TimeoutError; Problem if the process ended without an answer
    """
    context, late = warm_context(), TimeoutError(f"no answer within {timeout:g} seconds")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sender, function, arguments, timeout))
    process.start()
    sender.close()
    try:
        if not receiver.poll(3 * timeout + START):
            raise late
        return json.loads(receiver.recv_bytes(MOST_BYTES))
    except (EOFError, OSError, ValueError) as error:
        process.join(1)
        if sys.platform != "win32" and process.exitcode == -signal.SIGXCPU:
            raise late from error
        raise Problem(f"its process ended without an answer (exit code {process.exitcode})") from error
    finally:
        receiver.close()
        process.kill()
        process.join()


@lru_cache(maxsize=1)
def warm_context():
    """A fork server where there is one: it imports torch once. Elsewhere each child starts anew."""
    os.environ.update({name: os.environ.get(name, value) for name, value in THREADS.items()})
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["embedding_course.checking.expectations", *WHAT_LESSONS_IMPORT,
                                    "IPython.core.interactiveshell", "matplotlib_inline.backend_inline"])
    return context


def _child(sender, function, arguments, timeout):
    import torch
    torch.set_num_threads(1)
    if sys.platform != "win32":
        import resource
        used = int(time.process_time())
        with contextlib.suppress(ValueError):   # a lower limit is in force
            resource.setrlimit(resource.RLIMIT_CPU, (used + max(1, int(timeout)), used + int(timeout) + 5))
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):   # an answer's prints belong to nobody here, and nobody sits at its keyboard
        os.dup2(quiet, stream)
    sender.send_bytes(json.dumps(function(*arguments)).encode())
    sender.close()
    os._exit(0)
