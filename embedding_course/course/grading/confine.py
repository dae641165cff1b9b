"""What a process gives up before a stranger's code runs in it: namespaces, limits, capabilities, system calls.

Linux only. The process around it (see `sandbox.py`) has no network and sees no file but Python's and the course's
already; this makes each submission a world of its own inside it. Numbers are those of `linux/sched.h`,
`linux/mount.h`, `linux/prctl.h` and `linux/capability.h`.
"""
import contextlib
import ctypes
import errno
import fcntl
import os
import re
import resource
import signal
import socket
import struct
import sys
import time
from pathlib import Path

from embedding_course.course.grading.limits import Limits  # by its full name: this is a program too

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_RDONLY = 2, 4, 8, 1
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 24, 36, 38
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
SOL_SOCKET, BUFFER_SIZES = 1, (7, 8)   # SO_SNDBUF, SO_RCVBUF
MAP_SHARED_ANONYMOUS = 0x21
CAPABILITIES = 41
MIB = 2**20
PATIENCE = 2   # seconds that ended processes may take to be gone

# Not needed by any lesson: doors to other processes, to new worlds, and to memory that no limit counts.
FORBIDDEN_CALLS = (
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "unshare", "setns", "mount", "umount2",
    "pivot_root", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig", "mount_setattr", "keyctl", "add_key",
    "request_key", "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "memfd_create", "memfd_secret", "shmget",
    "semget", "msgget", "mq_open", "personality", "quotactl", "reboot", "init_module", "finit_module", "kexec_load",
    "acct", "swapon", "swapoff", "name_to_handle_at", "open_by_handle_at", "fanotify_init")

libc = ctypes.CDLL(None, use_errno=True)


def drop_root(uid: int):
    """As root: becomes an ordinary user that owns nothing. A limit on processes counts by user, and not for root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)


def enter_new_world():
    """New user, mount, network, process and IPC namespaces; the next child is process 1 of them."""
    uid, gid = os.geteuid(), os.getegid()
    show()   # else /proc/self would still be another's
    _call("unshare", CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWNET)
    for file, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
        with open(f"/proc/self/{file}", "w") as handle:
            handle.write(text)


def die_with_parent():
    """The kernel ends this process, and with it all of its namespace, when its parent is gone."""
    _call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def adopt_orphans():
    """Processes whose parent is gone become this one's children: it can wait until the last of them has ended."""
    _call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def own_places(scratch: str, limits: Limits):
    """What can be written to, and ends with this world: `scratch`, /dev/shm, terminals, and a network of one's own."""
    flags = MS_NOSUID | MS_NODEV
    _mount("tmpfs", scratch, flags, f"size={limits.disk}m,nr_inodes={limits.files},mode=0755")
    _mount("tmpfs", "/dev/shm", flags | MS_NOEXEC, f"size={limits.memory // 2}m,nr_inodes={limits.files},mode=0755")
    _mount("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620,max=64")
    with socket.socket() as any_socket:   # 127.0.0.1 is there for programs that talk to themselves
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def end_all_but(kept: list[int]):
    """As process 1 of a world: ends every process but those kept, and waits until they are gone.

    All stop at once first, so that what forks without end gets no further; the dead count against the limit on
    processes until they are buried.
    """
    kept, deadline = {1, *kept}, time.monotonic() + PATIENCE
    try:
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGSTOP)
        while (others := _inside() - kept) and time.monotonic() < deadline:
            for pid in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            bury()
            time.sleep(0.001)
    finally:
        for pid in kept - {1}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def bury():
    """Collects children that have ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _inside() -> set[int]:
    """The processes of this world. /proc shows the world around it, and names each by its numbers there and in here."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):   # it has ended meanwhile
            numbers = re.search(r"^NSpid:(.*)", status.read_text(), re.MULTILINE)[1].split()
            found.update(map(int, numbers[1:]))
    return found


def hide():
    """No process of the same user may look into this one's memory, or trace it."""
    _call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def show():
    """Undoes `hide`, which children inherit: the watchdog can measure only what is not hidden."""
    _call("prctl", PR_SET_DUMPABLE, 1, 0, 0, 0)


def limit(limits: Limits):
    """Limits on this process and its children: memory, files, processes. Time is the watchdog's.

    The memory of one process is a bound for what a single step may take before the watchdog looks again.
    """
    for what, most in ((resource.RLIMIT_DATA, 2 * limits.memory * MIB), (resource.RLIMIT_NOFILE, limits.open_files),
                       (resource.RLIMIT_NPROC, limits.processes), (resource.RLIMIT_FSIZE, 2 * limits.memory * MIB),
                       (resource.RLIMIT_CPU, 10 * int(limits.notebook)),   # backstops both: others act before
                       (resource.RLIMIT_CORE, 0), (resource.RLIMIT_STACK, 64 * MIB), (resource.RLIMIT_MEMLOCK, 0),
                       (resource.RLIMIT_MSGQUEUE, 0)):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def forbidden_calls():
    """The filter that `give_up_rights` loads; made early, since it looks for a library."""
    import pyseccomp  # where there is no Linux there is none
    rules = pyseccomp.SyscallFilter(defaction=pyseccomp.ALLOW)
    for name in FORBIDDEN_CALLS:
        try:
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
        except (ValueError, OSError):   # a call that this machine's library doesn't know
            continue
    new_user = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER)
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", new_user)
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")   # its flags can't be seen; libraries fall back to clone
    shared = pyseccomp.Arg(3, pyseccomp.MASKED_EQ, MAP_SHARED_ANONYMOUS, MAP_SHARED_ANONYMOUS)
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "mmap", shared)   # no process need hold its pages: nobody could count them
    for option in BUFFER_SIZES:   # in vain, but no error: a program would have to be without, too, on a busy machine
        rules.add_rule(pyseccomp.ERRNO(0), "setsockopt", pyseccomp.Arg(1, pyseccomp.EQ, SOL_SOCKET),
                       pyseccomp.Arg(2, pyseccomp.EQ, option))
    return rules


def give_up_rights(rules):
    """No capability, no way to one, and none of the forbidden system calls; for good, children included."""
    for capability in range(CAPABILITIES):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    _call("capset", header, none)
    _call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    rules.load()


def _mount(kind, where, flags, options):
    _call("mount", kind.encode(), where.encode(), kind.encode(), flags, options.encode())


def _call(name, *arguments):
    arguments = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    if getattr(libc, name)(*arguments) == -1:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def trial(scratch: str):
    """All of it once, without a submission: what `course doctor` and `course grade` ask before they trust this machine.

    raises : OSError or ImportError, naming the step that this machine refuses
    """
    rules = forbidden_calls()
    drop_root(60_000)
    enter_new_world()
    child = os.fork()
    if child == 0:
        own_places(scratch, Limits())
        hide()
        limit(Limits())
        give_up_rights(rules)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise OSError("a process in namespaces of its own cannot be confined")


if __name__ == "__main__":
    trial(sys.argv[1])
    print("confined")
