#!/usr/bin/python3
"""How coi is asked: usage, help, man pages, completion. No daemon. Usage: usage_test.py DIRECTORY-OF-THE-PROGRAMS"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from programs import PROGRAMS, Programs


class Usage(Programs):
    WRONG = (["frobnicate"], ["read"], ["read", "bob", "--last", "many"], ["read", "bob", "--last", "0"],
             ["chats", "--frob"], ["filter", "sometimes"], ["save", "x"], ["contact"], ["contact", "set", "a@b.org"],
             ["login", "a@b.org", "--password-stdin", "--token-command", "x"], ["send", "bob", "--file", "/no/such/file"], ["send", "bob"],
             ["vote", "12"], ["vote", "12", "1", "--withdraw"], ["react", "12"], ["poll", "bob", "Which?", "one"],
             ["group", "picture", "x"])

    def test_is_refused_with_2(self) -> None:
        for words in self.WRONG:
            with self.subTest(words):
                self.refused(2, *words)

    def test_is_refused_in_json_too(self) -> None:
        for words in self.WRONG:
            with self.subTest(words):
                result = self.coi(*words, "--json")
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                error = json.loads(result.stderr)["error"]
                self.assertEqual(set(error), {"kind", "text", "hint"})
                self.assertEqual(error["kind"], "invalid")

    def test_alone_is_the_help(self) -> None:
        alone = subprocess.run([PROGRAMS / "coi"], capture_output=True, text=True, check=True)
        self.assertEqual((alone.stdout, alone.stderr), (self.done("--help"), ""))
        self.assertEqual(self.done(), alone.stdout, "options do not count: an alias may have some")
        self.assertIn("a command is missing", self.coi("--json").stderr, "a script gets no prose")

    def test_of_help_is_the_help_of_a_command(self) -> None:
        for words in ([], ["send"], ["contact", "set"]):
            self.assertEqual(self.done("help", *words), self.done(*words, "--help"))
        self.assertIn("did you mean send?", self.refused(2, "help", "sned"))
        self.assertEqual(self.done("--help", "send", "bob"), self.done("send", "--help"))

    def test_of_help_for_what_is_no_command_is_refused(self) -> None:
        for words, text in ((["sned", "--help"], "there is no command sned (did you mean send? coi --help"),
                            (["--help", "who"], "there is no command who"),
                            (["contact", "sett", "--help"], "there is no command contact sett (did you mean set? coi contact --help")):
            self.assertIn(text, self.refused(2, *words))
        self.assertIn("there is no command who", self.refused(2, "--bogus", "who", "--help"))
        self.assertIn("did you mean set? coi contact --help", self.refused(2, "help", "contact", "sett"))

    def test_of_what_the_help_does_not_list_has_help_too(self) -> None:
        said = self.refused(2, "completions", "foo")
        self.assertIn("coi completions --help says how", said)
        self.assertIn("WHAT", self.done("completions", "--help"))
        self.assertNotIn("completions", self.done("--help"))

    def test_names_the_word_that_was_meant(self) -> None:
        for words, meant in ((["caht", "bob"], "chat"), (["sned"], "send"), (["contact", "sett"], "set"), (["unarch"], "unarchive"),
                             (["chats", "--requsts"], "--requests"), (["read", "bob", "--lst=3"], "--last")):
            self.assertIn(f"did you mean {meant}? ", self.refused(2, *words))
        self.assertNotIn("did you mean", self.refused(2, "frobnicate"))

    def test_of_an_option_twice_is_the_last(self) -> None:
        self.done("--data", str(self.folder / "other"), "accounts")
        self.coi("--data", str(self.folder / "other"), "daemon", "stop")
        self.assertTrue((self.folder / "other").exists())
        self.assertFalse(self.data.exists())
        self.refused(1, "read", "bob", "--last", "3", "--last", "4")

    def test_of_an_empty_directory_or_account_is_refused(self) -> None:
        for option in ("--data", "--account"):
            self.assertIn("it is empty", self.refused(2, option, "", "chats"))

    def test_names_the_word_that_is_no_command(self) -> None:
        self.assertIn("frobnicate", self.refused(2, "frobnicate", "x"))

    def test_starts_no_daemon(self) -> None:
        self.refused(2, "frobnicate")
        self.done("--help")
        self.done("daemon", "stop")
        self.assertFalse(self.data.exists())

    def test_help_is_on_every_level(self) -> None:
        commands = [line.split()[0] for line in self.done("--help").splitlines()
                    if line.startswith("  ") and not line.startswith(("  -", "   "))]
        self.assertGreater(len(commands), 25)
        for words in [[command] for command in commands] + [["contact", "set"]]:
            shown = self.done(*words, "--help")
            self.assertIn("\nUsage: coi " + " ".join(words) + " [options]", shown)
            for shared in ("--account ADDR", "--data DIR", "--json", "-h, --help"):
                self.assertIn(shared, shown)
            self.assertLessEqual(max(map(len, shown.splitlines())), 80, words)

    def test_help_and_version_are_objects_in_json(self) -> None:
        for words in (["--version"], ["--help"], ["help", "send"], ["send", "--help"]):
            [said] = json.loads(self.done("--json", *words)).values()
            self.assertEqual(said.strip(), self.done(*words).strip().removeprefix("coi " if words == ["--version"] else ""))

    def test_help_says_of_the_daemon_where_it_is_asked_for(self) -> None:
        self.assertIn("coi daemon stop", self.done("--help"))
        self.assertIn("At boot it is not started", " ".join(self.done("daemon", "--help").split()))
        self.assertNotIn("coi daemon stop", self.done("send", "--help"), "once is enough")
        self.assertIn("✓✓", self.done("read", "--help"))

    def test_help_has_each_heading_once(self) -> None:
        headings = [line for line in self.done("--help").splitlines() if line.endswith(":")]
        self.assertEqual(len(headings), len(set(headings)), headings)

    def test_says_what_is_wrong_in_words(self) -> None:
        for words, text in ((["contact"], "a command is missing"),
                            (["contact", "frob"], "there is no command contact frob"),
                            (["chats", "--frob"], "there is no option --frob"),
                            (["read"], "CHAT is required"), (["read", "--"], "CHAT is required"), (["read", "bob", "more"], '"more" is one word too many'),
                            (["read", "bob", "--last"], "--last needs a value"),
                            (["read", "bob", "--last", "0"], "--last: 0 is no number from 1 to 1000"),
                            (["read", "bob", "--before", "x"], "--before: x is no number that coi read shows"),
                            (["save", "-3"], "ATTACHMENT: -3 is no number that coi read shows"),
                            (["send", "bob", "--file", "/tmp"], "--file: /tmp is a folder"),
                            (["send", "bob", "--file", "/no/such"], "--file: there is no file /no/such"),
                            (["filter", "sometimes"], "WHEN: sometimes is none of none, active, seen"),
                            (["vote", "3", "x"], "NUMBER: x is no number that the poll shows"),
                            (["send", "bob", "--voice", "/dev/null", "--duration", "nan"],
                             "--duration: nan is no number of seconds from 0.001 to 86400"),
                            (["profile", "--for", "friend", "--name", "Al"], "--name: everybody gets the same name"),
                            (["profile", "--remove", "--status", "x"], "--remove: it takes the whole part away"),
                            (["profile", "--remove", "--name", "x"], "--remove: it takes the whole part away"),
                            (["completion", "ksh"], "SHELL: ksh is none of bash, zsh, fish")):
            with self.subTest(words):
                said = self.refused(2, *words)
                self.assertIn(text, said)
                self.assertLess(len(said), 120)

    def test_asks_for_no_password_of_what_is_no_address(self) -> None:
        for addr in ("bob", "bob@", "@example.net"):
            self.assertIn("no e-mail address", self.refused(1, "login", addr))

    def test_points_to_the_help_that_says_it(self) -> None:
        for words, helping in ((["read"], "(coi read --help "), (["contact", "set"], "(coi contact set --help "),
                               (["frobnicate"], "(coi --help ")):
            self.assertIn(helping, self.refused(2, *words))

    def test_of_coid_is_refused_with_2(self) -> None:
        for words in (["--frob"], ["--idle-exit", "0"], ["--log-level", "loud"]):
            self.assertEqual(subprocess.run([PROGRAMS / "coid", *words], capture_output=True, check=False).returncode, 2)


class ShellSupport(Programs):
    def complete(self, *words: str, path: str = "", **environment: str) -> list[str]:
        script = self.done("completion", "bash")
        call = f'COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _coi; printf "%s\\n" "${{COMPREPLY[@]}}"'
        return subprocess.run(["bash", "-c", script + call.replace("''", '""')], capture_output=True, text=True, check=True,
                              env=self.environment | {"PATH": f"{path}{os.environ['PATH']}", "COI_DATA": str(self.data)} | environment).stdout.splitlines()

    def test_bash_completes_commands_and_options(self) -> None:
        self.assertEqual(self.complete("coi", "unb"), ["unblock"])
        self.assertEqual(self.complete("coi", "--json", "send", "bob", "--re"), ["--reply"])
        self.assertEqual(self.complete("coi", "contact", "s"), ["set"])
        self.assertEqual(self.complete("coi", "contact", "set", "--na"), ["--name"])
        self.assertIn("--last", self.complete("coi", "read", "--"))
        self.assertEqual(self.complete("coi", "d"), ["delete", "draft", "daemon"])

    def test_bash_completes_the_words_an_argument_may_be(self) -> None:
        self.assertEqual(self.complete("coi", "filter", "a"), ["active"])
        self.assertEqual(self.complete("coi", "completion", "z"), ["zsh"])

    def test_bash_completes_chats_contacts_and_accounts(self) -> None:
        self.add_account()
        path = f"{PROGRAMS}:"
        self.assertEqual(self.complete("coi", "send", "b", path=path), [""], "no daemon is started for it")
        self.assertFalse((self.data / "coid.sock").exists())
        self.done("contact", "set", "bob@example.net", "--name", "Bob Miller")
        self.done("send", "bob@example.net", "hello")
        self.assertEqual(self.complete("coi", "send", "b", path=path), ["Bob\\ Miller", "bob@example.net"])
        self.assertEqual(self.complete("coi", "send", "bob@e", path=path), ["bob@example.net"])
        self.assertEqual(self.complete("coi", "send", "'Bob\\\\ M'", path=path), ["Bob\\ Miller"])
        self.assertEqual(self.complete("coi", "send", "bob", "b", path=path), [""], "a text is no chat")
        self.assertEqual(self.complete("coi", "search", "--chat", "bob@", path=path), ["bob@example.net"])
        self.assertEqual(self.complete("coi", "--account", "a", path=path), ["alice@example.org"])
        self.assertEqual(self.complete("coi", "logout", "a", path=path), ["alice@example.org"])
        self.assertEqual(self.complete("coi", "contact", "set", "bob", path=path), ["bob@example.net"])
        self.assertEqual(self.complete("coi", "contact", "set", "x@y", "--alias", "bob", path=path), ["bob@example.net"])

    def ask_fish(self, line: str, **environment: str) -> str:
        return subprocess.run(["fish", "-c", self.done("completion", "fish") + '\ncomplete -C "$LINE"'], text=True, check=True,
                              env=self.environment | {"LINE": line} | environment, capture_output=True).stdout

    def ask_zsh(self, line: str, whole: str, **environment: str) -> None:
        """At a prompt; the line has but one way to go on."""
        (self.folder / "_coi").write_text(self.done("completion", "zsh"))
        load = f"PS1='ready> '; autoload -U compinit; compinit -u -d {self.folder}/dump; source {self.folder}/_coi; echo load''ed\r"
        code, shown = self.talk([], [("", load.encode()), ("loaded", f"{line}\t".encode()), (whole, b"\x15exit\r")], columns=200,
                                program=["zsh", "-f", "-i"], **environment)
        self.assertIn(whole, shown)

    def test_every_shell_asks_the_program_and_the_daemon_that_the_line_names(self) -> None:
        self.data = self.folder / "my data"
        self.add_account()
        self.done("send", "bob@example.net", "hello")
        (self.folder / "bin").symlink_to(PROGRAMS)
        home = {"HOME": str(self.folder), "COI_DATA": str(self.folder / "none")}
        for written in ("~/my\\ data", f'"{self.data}"', f"'{self.data}'", str(self.data).replace(" ", "\\ ")):
            literal = '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'
            for place in (["--data", literal], ["--data", "=", literal]):
                self.assertEqual(self.complete('"~/bin/coi"', *place, "send", "b", **home), ["bob@example.net"], written)
            for place in (f"--data {written}", f"--data={written}"):
                self.assertIn("bob@example.net", self.ask_fish(f"~/bin/coi {place} send b", **home), place)
                self.ask_zsh(f"~/bin/coi {place} send b", f"{place} send bob@example.net", **home)
        self.assertIn("alice@example.org", self.ask_fish(f"~/bin/coi --data '{self.data}' --account a", **home))
        self.ask_zsh(f"~/bin/coi --data '{self.data}' send --account a", "send --account alice@example.org", **home)
        self.assertFalse((self.folder / "none").exists(), "no daemon was started")

    def test_a_directory_below_home_is_found_however_the_shell_leaves_it(self) -> None:
        subprocess.run([PROGRAMS / "coi", "--data=~/data", "accounts"], env=self.environment | {"HOME": str(self.folder)},
                       cwd=self.folder, check=True, capture_output=True)
        self.assertTrue(self.data.exists())

    def test_bash_quotes_odd_names_as_the_person_has_begun(self) -> None:
        self.add_account()
        names = ["$(touch ran)", "`touch ran`", "a\"b\" c", "O'Brien", "back\\slash", "semi; touch ran", "Ünal ☃", "* ~ {a,b}"]
        for number, name in enumerate([*names, "-rf", "12", "carol@example.org"]):
            addr = f"{number}@example.net"
            self.done("contact", "set", addr, f"--name={name}")
            self.done("send", addr, "hello")
        for quote in ("", "'", '"'):
            offered = [word for word in self.complete("coi", "send", f"\\{quote}" if quote else "''", path=f"{PROGRAMS}:")
                       if not word.startswith("-")]
            script = "\n".join(f"printf '%s\\n' {quote}{word}{quote}" for word in offered)
            meant = subprocess.run(["bash"], input=script, text=True, capture_output=True, check=True, cwd=self.folder,
                                   env=self.environment | {"LC_ALL": "C.UTF-8"}).stdout.splitlines()
            self.assertEqual(sorted(word for word in meant if "@" not in word), sorted(names), offered)
            self.assertNotIn("carol@example.org", meant, "a name that is another's address is not offered")
        self.assertFalse((self.folder / "ran").exists())

    def test_every_shell_offers_what_the_program_takes(self) -> None:
        scripts = {shell: self.done("completion", shell) for shell in ("zsh", "fish")}

        def listed(help_text: str, pattern: str) -> list[str]:
            return re.findall(rf"^  {pattern}", help_text, re.MULTILINE)

        program = self.done("--help")
        commands = listed(program, r"([a-z]\S*)")
        self.assertGreater(len(commands), 30)
        everywhere = set(listed(program, r"(?:-\w, )?(--\S+)"))
        self.assertEqual(set(self.complete("coi", "''")), set(commands) | everywhere)
        for words in [*([command] for command in commands), ["contact", "set"], ["daemon", "stop"]]:
            shown = self.done(*words, "--help").split("Options of every command")[0]
            options = set(listed(shown, r"(?:-\w, )?(--\S+)"))
            below = set(listed(shown, r"([a-z]\S*)"))
            self.assertEqual({word for word in self.complete("coi", *words, "--") if word}, options | everywhere, words)
            self.assertLessEqual(below, set(self.complete("coi", *words, "''")), words)
            function = scripts["zsh"].split(f"\n_coi_{'_'.join(words)}() {{")[1].split("\n}\n")[0]
            self.assertEqual(set(re.findall(r"'\*?(--[^\[=]+)=?\[", function)), options | everywhere - {"--version"}, words)
            seen = re.findall(rf"seen_subcommand_from {words[-1]}' -l (\S+)", scripts["fish"])
            self.assertEqual({f"--{option}" for option in seen}, options, words)
            for word in below:
                self.assertIn(f"seen_subcommand_from {words[-1]}' -a {word} ", scripts["fish"])
                self.assertIn(f"'{word}:", function)
        for word in commands:
            self.assertIn(f"__fish_use_subcommand' -a {word} ", scripts["fish"])
            self.assertIn(f"'{word}:", scripts["zsh"].split("\n_coi() {")[1])

    def test_every_shell_knows_every_command(self) -> None:
        for shell in ("bash", "zsh", "fish"):
            script = self.done("completion", shell)
            for word in ("login", "send", "contact", "unarchive", "password-stdin"):
                self.assertIn(word, script, shell)
            subprocess.run([shell, "-n"], input=script, text=True, check=True)

    def test_man_pages_are_sound(self) -> None:
        for words in ([], ["send"], ["contact", "set"]):
            page = self.done("man", *words)
            self.assertTrue(page.startswith(".TH COI"), page[:40])
            self.assertIn(".SH EXIT STATUS", page)
            if shutil.which("groff"):
                troff = subprocess.run(["groff", "-man", "-ww", "-Tutf8"], input=page, text=True, capture_output=True, check=True)
                self.assertEqual(troff.stderr, "")
        self.assertIn("\\-\\-reply", self.done("man", "send"))
        program = self.done("man")
        headings = [line for line in program.splitlines() if line.startswith((".SH", ".SS"))]
        self.assertEqual(len(headings), len(set(headings)), headings)
        for page in re.findall(r"^\.BR coi\\-(\S+) \(1\)", program, re.MULTILINE):
            name = page.replace("\\-", "-")
            self.done("man", *([name] if name == "poll-close" else name.split("-")))
        self.refused(1, "man", "frobnicate")

    def test_all_is_installed(self) -> None:
        prefix = self.folder / "usr"
        subprocess.run(["cmake", "--install", PROGRAMS.parent, "--prefix", prefix], check=True, capture_output=True)
        shown = subprocess.run([prefix / "bin" / "coi", "--data", self.data, "accounts"], capture_output=True, text=True,
                               env=self.environment, check=True)
        self.assertIn("no account yet", shown.stdout)  # it found the daemon beside it
        pages = {page.name for page in (prefix / "share/man/man1").iterdir()}
        self.assertGreater(len(pages), 30)
        self.assertLessEqual({"coi.1", "coi-send.1", "coi-contact-set.1"}, pages)
        for page in pages:
            self.assertTrue((prefix / "share/man/man1" / page).read_text().startswith(".TH COI"), page)
        for script in ("bash-completion/completions/coi", "zsh/site-functions/_coi", "fish/vendor_completions.d/coi.fish"):
            self.assertIn("unarchive", (prefix / "share" / script).read_text())
        readme = (pathlib.Path(__file__).resolve().parents[2] / "README.md").read_text()
        [files] = re.findall(r"sudo rm -f ((?:.*\\\n)*.*)\n", readme)
        subprocess.run(["sh", "-c", "rm -f " + files.replace("\\\n", " ").replace("/usr/local", str(prefix))], check=True)
        self.assertEqual([path for path in prefix.rglob("*") if path.is_file()], [], "README removes all of it")


if __name__ == "__main__":
    unittest.main()
