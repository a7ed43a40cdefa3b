"""The temporary home folder of the process, also for code that reads the user database."""

from __future__ import annotations

import os


def hold_home() -> None:
    """Sets HOME as the user's home in the `pwd` module too, so that no look-up leads to the files of a real user."""
    home = os.environ.get("HOME")
    try:
        import pwd
    except ImportError:
        # Windows has no user database.
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
