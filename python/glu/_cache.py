"""Compiled code, in memory and on disk.

A file of the cache is

    magic | sha256 of the rest | key (32 bytes) | length of meta (4) | meta | code

and is only loaded if all of it is as it should be and nobody else could have
written it: loading code runs it. It is written under another name and moved
into place, so that any number of processes can use one folder.
"""

import json
import os
import threading
import time
from hashlib import sha256

from . import _runtime
from ._errors import CompileError

_magic = b"glu kernel 1\n"
_suffix = ".glukernel"
_lock = threading.Lock()
_entries = {}
_pending = {}


def _forget_threads():
    """In a child of `os.fork` nobody compiles what threads were at."""
    global _lock
    _lock = threading.Lock()
    _pending.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_threads)


class Entry:
    """Loaded code: its library, and the functions (`_compiler.compile`)."""

    __slots__ = ("library", "functions")

    def __init__(self, library, functions):
        self.library = library
        self.functions = functions

    def kernel(self, name):
        return _runtime.Kernel(self.library, name)


def get(text, **options):
    """The `Entry` of IR `text`, compiled with `options` of _compiler.compile.

    Raises CompileError. Threads that ask for the same wait for one of them.
    """
    key = (text, tuple(sorted(options.items())))
    while True:
        entry = _entries.get(key)
        if entry is not None:
            return entry
        with _lock:
            done = _pending.get(key)
            mine = done is None
            if mine:
                done = _pending[key] = threading.Event()
        if not mine:
            done.wait()
            if key not in _entries:
                continue  # The other one failed; find out why.
            return _entries[key]
        try:
            entry = _entries.get(key) or _load_or_compile(text, options)
            _entries[key] = entry
            return entry
        finally:
            with _lock:
                del _pending[key]
            done.set()


def _load_or_compile(text, options):
    name = _digest(text, options)
    found = _read(name)
    if found is not None:
        try:
            return Entry(_runtime.Library.load(found[1]), found[0])
        except RuntimeError:
            pass  # Made where another libc or OpenMP was: make it anew.
    result = compile_text(text, **options)
    _write(name, result.functions, result.code)
    return Entry(_runtime.Library.load(result.code), result.functions)


def compile_text(text, **options):
    """What `_compiler.compile` gives; raises CompileError."""
    try:
        from . import _compiler
    except ImportError as error:
        raise CompileError(f"the compiler cannot be loaded: {error}") from error
    try:
        return _compiler.compile(text, **options)
    except RuntimeError as error:
        raise CompileError(str(error)) from None


# ---------------------------------------------------------------------------
# Names
# ---------------------------------------------------------------------------

_build = None


def _get_build():
    """A text that changes with the compiler and the machine."""
    global _build
    if _build is None:
        from . import __version__

        compiler = _runtime.__file__.replace("_runtime", "_compiler")
        try:
            status = os.stat(compiler)
            made = f"{status.st_size}.{status.st_mtime_ns}"
        except OSError:
            made = "none"
        _build = "\0".join([__version__, made, _runtime.machine()])
    return _build


def _digest(text, options):
    parts = [_get_build(), repr(sorted(options.items())), text]
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


# ---------------------------------------------------------------------------
# The folder
# ---------------------------------------------------------------------------


def cache_dir():
    """The folder of compiled kernels; None if kernels are not kept on disk.

    ``$GLU_CACHE_DIR``, else ``$XDG_CACHE_HOME/glu``, else ``~/.cache/glu``.
    ``$GLU_CACHE_LIMIT`` (``500M``, ``2G``; 512M by default) is how large it may
    grow before the kernels that were not used for longest are deleted; 0 keeps
    none.
    """
    if _get_limit() == 0:
        return None
    folder = os.environ.get("GLU_CACHE_DIR")
    if not folder:
        base = os.environ.get("XDG_CACHE_HOME")
        if not base or not os.path.isabs(base):
            home = os.path.expanduser("~")
            if not os.path.isabs(home):
                return None
            base = os.path.join(home, ".cache")
        folder = os.path.join(base, "glu")
    return folder


def clear_cache(disk=False):
    """Forgets the kernels in memory; with `disk`, deletes those on disk too.

    Kernels in use stay loaded as long as they are.
    """
    from ._dispatch import dispatchers

    _entries.clear()
    for dispatcher in dispatchers:
        dispatcher.clear()
    if disk:
        _evict(0)


def _get_limit():
    text = os.environ.get("GLU_CACHE_LIMIT", "").strip().upper().rstrip("B")
    scale = {"K": 10, "M": 20, "G": 30, "T": 40}.get(text[-1:], 0)
    number = text[:-1] if scale else text
    return int(number) << scale if number.isdigit() else 512 << 20


def _is_trusted(status):
    """Whether nobody but this user (or root) can have written it."""
    return (status.st_uid in (os.geteuid(), 0)) and not status.st_mode & 0o022


def _read(name):
    """(functions, code) of the file for `name`, or None."""
    folder = cache_dir()
    if folder is None:
        return None
    path = os.path.join(folder, name.hex() + _suffix)
    try:
        with open(path, "rb") as file:
            if not _is_trusted(os.fstat(file.fileno())):
                return None
            contents = file.read()
        os.utime(path)  # It was used.
    except (OSError, ValueError):
        return None
    found = unpack(contents, name)
    if found is None:
        _remove(path)
    return found


def pack(name, functions, code):
    """The contents of a file."""
    meta = json.dumps(functions).encode()
    rest = b"".join([name, len(meta).to_bytes(4, "little"), meta, code])
    return b"".join([_magic, sha256(rest).digest(), rest])


def unpack(contents, name):
    """(functions, code) of a file's contents, or None if they are not sound."""
    start = len(_magic)
    rest = memoryview(contents)[start + 32:]
    if (contents[:start] != _magic or len(rest) < 36
            or contents[start:start + 32] != sha256(rest).digest()
            or rest[:32] != name):
        return None
    length = int.from_bytes(rest[32:36], "little")
    try:
        functions = json.loads(bytes(rest[36:36 + length]))
    except ValueError:
        return None
    return functions, bytes(rest[36 + length:])


def _write(name, functions, code):
    """Keeps compiled code; if that is not possible, it is not kept."""
    folder = cache_dir()
    limit = _get_limit()
    contents = pack(name, functions, code)
    if folder is None or len(contents) > limit:
        return
    path = os.path.join(folder, name.hex() + _suffix)
    mine = f"{path}.{os.getpid()}.{threading.get_ident():x}.tmp"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not _is_trusted(os.stat(folder)):
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(mine, flags, 0o600), "wb") as file:
            file.write(contents)
        os.replace(mine, path)
    except (OSError, ValueError):
        _remove(mine)
        return
    _evict(limit)


def _remove(path):
    try:
        os.unlink(path)
    except (OSError, ValueError):
        pass


def _evict(limit):
    """Deletes what was not used for longest until `limit` bytes are left."""
    folder = cache_dir()
    files = []
    try:
        with os.scandir(folder) as listing:
            for item in listing:
                try:
                    status = item.stat(follow_symlinks=False)
                except OSError:
                    continue  # Another process deleted it.
                if item.name.endswith(_suffix):
                    files.append((status.st_mtime_ns, status.st_size, item.path))
                elif (item.name.endswith(".tmp")
                      and status.st_mtime < time.time() - 3600):
                    _remove(item.path)  # Its process died.
    except (OSError, TypeError, ValueError):
        return
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= limit:
            return
        _remove(path)
        total -= size
