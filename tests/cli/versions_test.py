#!/usr/bin/python3
"""coi and a daemon of another version. Usage: versions_test.py DIRECTORY-OF-THE-PROGRAMS"""

import unittest

from programs import PROGRAMS  # noqa: F401  (takes the first argument)
from played import Played


class AnotherVersion(Played):
    def test_of_the_daemon_is_said_where_it_matters(self) -> None:
        self.daemon.methods["accounts"] = {"error": {"code": -32601, "message": "there is no method accounts"}}
        said = self.refused(70, "accounts")
        self.assertIn("there is no method accounts", said)
        self.assertIn("coi daemon stop", said)


if __name__ == "__main__":
    unittest.main()
