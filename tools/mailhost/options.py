"""What a caller can ask of a mailhost. One value, read once, never changed."""

import argparse
import dataclasses
import pathlib
import re
import secrets

FORMATS = ("maildir", "sdbox")
# The word on the command line, and the SASL mechanisms that Dovecot then offers.
MECHANISMS = {
    "plain": ("plain", "login"),
    "scram": ("scram-sha-256", "scram-sha-1"),
    "oauth": ("oauthbearer", "xoauth2"),
}


@dataclasses.dataclass(frozen=True)
class User:
    address: str
    password: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]

    @staticmethod
    def parse(text: str) -> "User":
        """"alice@example.org:secret"; without a password a random one is made."""
        address, _, password = text.partition(":")
        if not re.fullmatch(r"[^\s/:@]+@[A-Za-z0-9.-]+", address) or address.startswith("."):
            raise argparse.ArgumentTypeError(f"'{address}' is no address (name@domain)")
        return User(address.lower(), password or secrets.token_hex(8))


@dataclasses.dataclass(frozen=True)
class Options:
    users: tuple[User, ...]
    dir: pathlib.Path | None
    keep: bool
    rawlog: bool
    without: tuple[str, ...]
    announce: tuple[str, ...]
    max_connections: int
    keywords: bool
    quota: str | None
    auth: tuple[str, ...]
    format: str
    separator: str
    prefix: str
    sieve: bool
    postfix: bool
    include: pathlib.Path | None

    @property
    def domains(self) -> tuple[str, ...]:
        return tuple(sorted({user.domain for user in self.users}))

    @property
    def mechanisms(self) -> tuple[str, ...]:
        return tuple(mechanism for word in self.auth for mechanism in MECHANISMS[word])


def words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def auth_words(text: str) -> tuple[str, ...]:
    chosen = words(text)
    if not chosen or any(word not in MECHANISMS for word in chosen):
        raise argparse.ArgumentTypeError(f"one or more of {', '.join(MECHANISMS)}, with commas")
    return chosen


def parse(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="mailhost", description="A private mail server on loopback: Dovecot with IMAP, submission and LMTP.",
        epilog="Prints one JSON line when it is ready and runs until its standard input closes. See README.md.")
    parser.add_argument("--user", action="append", type=User.parse, default=[], metavar="ADDRESS[:PASSWORD]",
                        help="an account; repeat for more; its domain becomes local")
    parser.add_argument("--dir", type=pathlib.Path, help="where mail, settings and logs lie; kept. "
                        "Default: a temporary folder, removed at the end")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folder")
    parser.add_argument("--rawlog", action="store_true", help="record what each IMAP session says after login")
    parser.add_argument("--without", type=lambda text: tuple(word.upper() for word in words(text)), default=(),
                        metavar="CAP,CAP", help="capabilities that are not announced (the commands still work: "
                        "see --rawlog)")
    parser.add_argument("--announce", type=words, default=(), metavar="CAP,CAP",
                        help="capabilities that are announced after login, although nothing is behind them")
    parser.add_argument("--max-connections", type=int, default=50, metavar="N", help="IMAP connections of one user")
    parser.add_argument("--no-keywords", dest="keywords", action="store_false",
                        help="no mailbox takes custom keywords (nor \\Answered, \\Flagged, \\Draft)")
    parser.add_argument("--quota", metavar="SIZE", help="storage of each user, such as 1M")
    parser.add_argument("--auth", type=auth_words, default=("plain", "scram"), metavar="WORD,WORD",
                        help=f"{', '.join(MECHANISMS)}; default plain,scram")
    parser.add_argument("--format", choices=FORMATS, default="maildir")
    parser.add_argument("--separator", default="/", help="between the names of nested mailboxes")
    parser.add_argument("--prefix", default="", help="of the personal namespace, such as INBOX. (with --separator .)")
    parser.add_argument("--sieve", action="store_true", help="Sieve in LMTP, and ManageSieve")
    parser.add_argument("--postfix", action="store_true",
                        help="a private Postfix for each domain instead of the pass-through (needs root)")
    parser.add_argument("--include", type=pathlib.Path, metavar="FILE", help="more Dovecot settings")
    given = parser.parse_args(arguments)
    users = given.user or [User.parse("alice@example.org"), User.parse("bob@example.net")]
    return Options(users=tuple(users), **{key: value for key, value in vars(given).items() if key != "user"})
