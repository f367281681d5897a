#!/usr/bin/python3
"""tools/layers/layers finds each kind of fault in a small checkout, and no fault where there is none."""

import pathlib
import subprocess
import tempfile
import unittest

LAYERS = pathlib.Path(__file__).resolve().parents[2] / "tools/layers/layers"

GOOD = {
    "src/base/error.h": "#include <string>\n",
    "src/base/result.h": '#include "base/error.h"\n',
    "src/imap/session.h": '#include "base/result.h"\n#include "hash/hmac.h"\n',
    "src/imap/session.cpp": '#include "imap/session.h"\n',
    "src/hash/hmac.h": '#include "base/result.h"\n',
    "src/hash/hmac.cpp": '#include "hash/hmac.h"\n#include <openssl/evp.h>\n',
    "src/html/parts.h": "#include <gumbo.h>\n",
    "src/html/parse.cpp": '#include "html/parts.h"\n',
    "src/mime/parse.h": '#include "base/result.h"\n',
    "src/mime/parse.cpp": '#include "mime/parse.h"\n',
    "src/json/json.h": "#include <boost/json/value.hpp>\n",
    "src/proto/account.h": '#include "json/json.h"\n',
    "src/imap/CMakeLists.txt": "coi_room(DEPS base hash)\n",
    "src/mime/CMakeLists.txt": "pkg_check_modules(IDN2 libidn2)\ncoi_room(DEPS base LIBS PkgConfig::IDN2)\n",
    "tests/imap/session_test.cpp": '#include <gtest/gtest.h>\n#include "imap/session.h"\n#include "base/result.h"\n',
    "tests/scenario/two_test.cpp": '#include "mime/parse.h"\n',
    "fuzz/imap_session.cpp": '// rooms: imap\n#include "imap/session.h"\n#include "base/error.h"\n',
    "apps/cli/send.cpp": '#include "proto/account.h"\n#include <CLI/CLI.hpp>\n',
}


def layers(changes: dict[str, str]) -> tuple[int, str]:
    with tempfile.TemporaryDirectory() as folder:
        for path, text in (GOOD | changes).items():
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        done = subprocess.run([LAYERS, folder], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


class Layers(unittest.TestCase):
    def test_what_runs_along_the_arrows_passes(self) -> None:
        status, output = layers({})
        self.assertEqual(status, 0, output)
        self.assertIn(f"{sum(not path.endswith('.txt') for path in GOOD)} files", output)

    def assert_fault(self, path: str, text: str, words: str) -> None:
        status, output = layers({path: text})
        self.assertEqual(status, 1, output)
        self.assertIn(words, output)
        self.assertEqual(output.count("\n"), 1, output)

    def test_a_room_that_looks_upward(self) -> None:
        self.assert_fault("src/imap/reply.cpp", '\n#include "net/stream.h"\n',
                          "src/imap/reply.cpp:2: imap may not include net (net/stream.h)")

    def test_a_test_that_links_more_than_its_room(self) -> None:
        self.assert_fault("tests/imap/more_test.cpp", '#include "mime/parse.h"\n', "may not include mime")

    def test_a_fuzz_target_that_names_too_few_rooms(self) -> None:
        self.assert_fault("fuzz/other.cpp", '// rooms: imap\n#include "mime/parse.h"\n', "may not include mime")

    def test_a_program_past_the_public_interface(self) -> None:
        self.assert_fault("apps/cli/chat.cpp", '#include "mime/parse.h"\n', "apps/cli may not include mime")

    def test_a_library_outside_its_room(self) -> None:
        self.assert_fault("src/imap/scram.cpp", "#include <openssl/hmac.h>\n", "belongs to hash and net alone")

    def test_a_header_that_shows_its_library(self) -> None:
        self.assert_fault("src/chat/read.cpp", '#include "html/parts.h"\n', "shows gumbo.h outside html")

    def test_a_header_that_shows_its_library_over_another(self) -> None:
        status, output = layers({"src/html/tree.h": '#include "html/parts.h"\n',
                                 "src/chat/read.cpp": '#include "html/tree.h"\n'})
        self.assertEqual(status, 1)
        self.assertIn("html/tree.h shows gumbo.h outside html", output)

    def test_a_ring_of_headers(self) -> None:
        self.assert_fault("src/base/error.h", '#include "base/result.h"\n',
                          "a ring: src/base/error.h -> src/base/result.h -> src/base/error.h")

    def test_a_link_against_the_arrows(self) -> None:
        self.assert_fault("src/imap/CMakeLists.txt", "coi_room(DEPS base hash net)\n", "imap may not link net")


if __name__ == "__main__":
    unittest.main()
