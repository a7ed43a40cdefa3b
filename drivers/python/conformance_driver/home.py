"""The throw-away home of the process, also for what does not ask the environment."""

from __future__ import annotations

import os


def hold_home() -> None:
    """Makes HOME the home of the process's own user in the user database: `~` must not lead to the files of a real user."""
    home = os.environ.get("HOME")
    try:
        import pwd
    except ImportError:
        # Windows has no such database.
        return
    if not home:
        return
    by_id, by_name, everyone = pwd.getpwuid, pwd.getpwnam, pwd.getpwall

    def housed(entry: pwd.struct_passwd) -> pwd.struct_passwd:
        if entry.pw_uid != os.getuid():
            return entry
        return pwd.struct_passwd((*entry[:5], home, *entry[6:]))

    pwd.getpwuid = lambda uid: housed(by_id(uid))
    pwd.getpwnam = lambda name: housed(by_name(name))
    pwd.getpwall = lambda: [housed(entry) for entry in everyone()]
