"""What works on, or holds much, while the checks run."""
from submissions import FULL, case


@case(FULL)
def a_dataloader_that_lives_on(work):
    """A DataLoader whose workers still wait for the next batch."""
    work.first("import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
               "rows = TensorDataset(torch.rand(2000, 300), torch.arange(2000))\n"
               "batches = iter(DataLoader(rows, batch_size=500, shuffle=True, num_workers=2))\nnext(batches)[0].shape")


@case(FULL)
def a_program_that_lives_on(work):
    """A program begun in an own cell, and a handler that raises when it ends."""
    work.first("import signal, subprocess\ndef ended(*_): raise RuntimeError('it has ended')\n"
               "signal.signal(signal.SIGCHLD, ended)\nserver = subprocess.Popen(['sleep', '600'])")


@case(FULL)
def a_pool_that_nobody_closes(work):
    """A pool of processes is used between the answers."""
    work.before("pluck", "import multiprocessing\npool = multiprocessing.Pool(2)\npool.map(abs, range(-3, 3))")


@case(FULL)
def large_batches_between_processes(work):
    """Batches of 24 MB each come from a worker through /dev/shm."""
    work.first("import torch\nfrom torch.utils.data import DataLoader\n"
               "for batch in DataLoader(torch.rand(12_000, 1000), batch_size=6000, num_workers=1): print(batch.shape)")


@case(FULL)
def json_and_sockets_replaced(work):
    """Functions that others use are wrapped for all of the process, as plug-ins of teaching material do."""
    work.first("import json, socket\ntext = json.dumps\njson.dumps = lambda *a, **k: text(*a, **{**k, 'indent': 2}).upper()\n"
               "json.loads = None\ndef no_network(*_, **__): raise RuntimeError('no network here')\n"
               "for name in ('send', 'sendall', 'recv', 'connect'): setattr(socket.socket, name, no_network)")
