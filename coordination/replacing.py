"""A folder put in its place all or nothing.

Everything is written into a temporary folder beside the target, synced to disk, and then exchanged with the
target in one step of the file system. Whoever looks at the target, at whatever moment the writer died, sees
the old folder whole or the new folder whole.

Linux and macOS can exchange two folders in one step. Where that is missing (some network file systems), the
old folder is renamed aside first and the new one renamed in; a death between the two leaves the old folder
under the name that `whole` looks for, and the next writer puts it back.
"""

import ctypes
import errno
import json
import os
import secrets
import shutil
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from coordination.errors import WriteError

if sys.platform != "win32":
    import fcntl

_AT_A_TIME = 16
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h RENAME_EXCHANGE; on macOS RENAME_SWAP of sys/stdio.h has the same value
_UNSUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP})


def refuse_foreign(path: Path, what: str, ours: Collection[str], *, known: bool) -> None:
    """Check, before anything is computed, that a folder to write holds nothing of somebody else's.

    Parameters
    ----------
    path : Path
        The folder to write; it may be missing.
    what : str
        What it is a folder of, such as "a cycle".
    ours : collection of str
        Names that such a folder holds.
    known : bool
        Whether what stands there is such a folder; else nothing in it may be replaced.

    Raises
    ------
    WriteError
        It holds something else.
    """
    if not path.exists():
        return
    if not path.is_dir():
        raise WriteError(f"{path} is a file; expected a folder of {what}, or nothing. Choose another folder.")
    names = {entry.name for entry in path.iterdir()}
    foreign = sorted(names - set(ours)) if known else sorted(names)
    if foreign:
        listed = ", ".join(foreign[:5]) + (", …" if len(foreign) > 5 else "")
        raise WriteError(f"{path} holds {listed}, which is not of {what}. Choose another folder, or move it away.")


def is_of_kind(header: Path, kind: str) -> bool:
    """Return whether a header file can be read and says that its folder is of a kind."""
    try:
        content = json.loads(header.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("kind") == kind


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `target` when the block ends without an error.

    Parameters
    ----------
    target : Path
        Folder to create or to replace; missing folders above it are made. The caller decides beforehand whether what
        stands there may be replaced.

    Yields
    ------
    Path
        Temporary folder beside `target`; removed again when the block raises.

    Raises
    ------
    OSError
        The parent cannot be made or written, the disk is full, and the like; `target` is then as it was.
    """
    target = target.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    _put_back(target)
    _sweep(target)
    folder, lock = _temporary(target)
    try:
        yield folder
        _sync(folder)
        _swap_in(folder, target)
        _sync_entry(target.parent)
    finally:
        # After an exchange this is the old folder, after an error the unfinished new one.
        _remove(folder)
        if lock is not None:
            os.close(lock)


def whole(target: Path) -> Path:
    """Return where the last whole version of `target` stands.

    That is `target`, unless a writer died between the two renames that it needs where folders cannot be
    exchanged in one step.
    """
    aside = _aside(target.resolve())
    return aside if not target.exists() and aside.is_dir() else target


def _aside(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def _put_back(target: Path) -> None:
    """Finish what a writer left that died between two renames."""
    aside = _aside(target)
    if aside.is_dir():
        if target.exists():
            _remove(aside)
        else:
            aside.rename(target)


def _temporary(target: Path) -> tuple[Path, int | None]:
    """Make a temporary folder beside `target`, locked for as long as this process lives."""
    while True:
        folder = target.with_name(f".{target.name}.{secrets.token_hex(6)}.partial")
        folder.mkdir()
        lock = _lock(folder)
        if sys.platform == "win32" or (lock is not None and folder.is_dir()):
            return folder, lock
        # Another writer swept it between its making and its locking.
        if lock is not None:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    """Lock `folder`; None if another process holds it or it is gone. The lock dies with the process."""
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _sweep(target: Path) -> None:
    """Remove the temporary folders of writers that died."""
    if sys.platform == "win32":
        return
    for folder in target.parent.glob(f".{_literal(target.name)}.*.partial"):
        lock = _lock(folder)
        if lock is not None:
            _remove(folder)
            os.close(lock)


def _literal(name: str) -> str:
    """Return `name` with the wildcards of glob taken literally."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def _sync(folder: Path) -> None:
    """Bring every file and folder below `folder` onto the disk."""
    _side_by_side(_sync_entry, folder)
    for parent, _, _ in os.walk(folder):
        _sync_entry(Path(parent))


def _remove(folder: Path) -> None:
    """Remove a folder that nobody needs any more; what cannot be removed is left to the next sweep."""
    with suppress(OSError):
        _side_by_side(Path.unlink, folder)
    shutil.rmtree(folder, ignore_errors=True)


def _side_by_side(act: Callable[[Path], None], folder: Path) -> None:
    """Call `act` on every file below `folder`, many at a time: file systems do together what waits together.

    One after the other, removing eight hundred files that had been synced took thirty times as long.
    """
    files = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        deque(pool.map(lambda some: deque(map(act, some), maxlen=0), _parts(files)), maxlen=0)


def _parts(files: list[Path]) -> list[list[Path]]:
    """Deal files out to those who work at a time: handing each over apart costs more than syncing it."""
    return [files[start::_AT_A_TIME] for start in range(_AT_A_TIME)]


def _sync_entry(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return  # Windows has no way to sync a folder.
    descriptor = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _swap_in(folder: Path, target: Path) -> None:
    """Put `folder` in the place of `target`; what stood there afterwards stands at `folder`, or is gone."""
    if not target.exists():
        folder.rename(target)
    elif not _exchange(folder, target):
        aside = _aside(target)
        target.rename(aside)
        folder.rename(target)
        _remove(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system or the file system cannot."""
    if sys.platform == "win32":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(one), os.fsencode(other)
    if hasattr(library, "renameat2"):
        answer = library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    elif hasattr(library, "renamex_np"):
        answer = library.renamex_np(paths[0], paths[1], _RENAME_EXCHANGE)
    else:
        return False
    if answer == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(other))
