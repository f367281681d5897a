"""What a test may ask of a running mailhost: one JSON object a line in, one out.

A command is a method whose name is the word with _ for -; the object's other members are its arguments.
"""

import inspect
import json
import os
import pathlib
import smtplib
from typing import Any

from dovecot import Dovecot
from oauth import TokenIssuer
from options import Options, User
from place import HOST, Failure, Place
from postfix import Postfix
from relay import Relay

Answer = dict[str, Any]
IMAP = ("imap-login", "imap")
SMTP = ("submission-login", "submission")


class Desk:
    def __init__(self, place: Place, options: Options, server: Dovecot, mta: Relay | Postfix,
                 tokens: TokenIssuer | None):
        self._place = place
        self._options = options
        self._dovecot = server
        self._mta = mta
        self._tokens = tokens

    def introduction(self) -> Answer:
        """The first line of output."""
        return {"ready": True, "host": HOST, **self._dovecot.ports, "lmtp": str(self._dovecot.lmtp),
                "ca": str(self._dovecot.ca), "users": [self._describe(user) for user in self._dovecot.users],
                "dir": str(self._place.dir), "log": str(self._dovecot.log), "pid": os.getpid(),
                "rawlog": str(self._place.dir / "rawlog") if self._options.rawlog else None}

    def answer(self, line: str) -> Answer:
        try:
            request = json.loads(line)
            word = request.pop("cmd").replace("-", "_")
            method = getattr(self, f"do_{word}", None)
            if not method:
                raise Failure(f"no command {word}; there are {', '.join(self.words())}")
            inspect.signature(method).bind(**request)
            return {"ok": True, **method(**request)}
        except (Failure, ValueError, KeyError, TypeError, AttributeError, OSError, smtplib.SMTPException) as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}

    @classmethod
    def words(cls) -> list[str]:
        return [name[3:].replace("_", "-") for name in dir(cls) if name.startswith("do_")]

    # -- trouble ---------------------------------------------------------------------------------------------------

    def do_stop_imap(self) -> Answer:
        """Connections end without a word, and the ports refuse new ones."""
        return self._stop(*IMAP)

    def do_stop_submission(self) -> Answer:
        return self._stop(*SMTP)

    def do_start_imap(self) -> Answer:
        """Dovecot reloads: whatever was stopped listens again. Submission connections end, with 421."""
        self._dovecot.reload()
        return {}

    do_start_submission = do_start_imap

    def do_kill_server(self) -> Answer:
        """kill -9 of all of Dovecot; mail that was being written is as lost as in a power cut."""
        self._dovecot.crash()
        return {}

    def do_start_server(self) -> Answer:
        """Again, on the same ports."""
        self._dovecot.start_again()
        return {}

    def do_kill_connections(self) -> Answer:
        """All IMAP and submission connections end without a word; new ones are taken."""
        return {"processes": self._dovecot.kill(*IMAP, *SMTP)}

    def do_freeze(self) -> Answer:
        """IMAP and submission connections stay open and silent, new ones too, until thaw."""
        return {"processes": self._dovecot.freeze(*IMAP, *SMTP)}

    def do_thaw(self) -> Answer:
        return {"processes": self._dovecot.thaw()}

    def do_refuse(self, to: str, reply: str | None = None, hop: str = "submission") -> Answer:
        """RCPT for `to` gets `reply` ("451 4.2.1 later"); without a reply it is taken again. hop "submission": the
        sender's own server says it to the client; "mx" (with --postfix): the recipient's server says it to the
        sender's, which tries again, and bounces in the end."""
        if hop not in ("submission", "mx"):
            raise Failure("hop is submission or mx")
        self._mta.refuse(to, reply, hop)
        return {}

    # -- mail and users --------------------------------------------------------------------------------------------

    def do_deliver(self, user: str, file: str | None = None, text: str | None = None, sender: str = "") -> Answer:
        """Over LMTP, with `text` or the file's bytes as they are (line ends apart)."""
        if (file is None) == (text is None):
            raise Failure("deliver takes either file or text")
        mail = text.encode() if text is not None else pathlib.Path(str(file)).read_bytes()
        # With a name given: Python would ask a name server for it each time.
        with smtplib.LMTP(str(self._dovecot.lmtp), local_hostname="localhost") as lmtp:
            lmtp.sendmail(sender, [user], mail)
        return {}

    def do_add_user(self, user: str, password: str = "") -> Answer:
        added = User.parse(f"{user}:{password}")
        self._dovecot.add_users(added)
        return self._describe(added)

    def do_token(self, user: str, lifetime: float = 3600) -> Answer:
        """An OAuth2 access token; one with a negative lifetime has expired."""
        if not self._tokens:
            raise Failure("no tokens without --auth oauth")
        return {"token": self._tokens.token(user, lifetime)}

    # -- a look inside ---------------------------------------------------------------------------------------------

    def do_rawlog(self, user: str, protocol: str = "imap") -> Answer:
        """What the user's clients have said since login, oldest session first, and where it lies; protocol imap or
        submission."""
        if not self._options.rawlog:
            raise Failure("no rawlog without --rawlog")
        files = sorted((self._place.dir / "rawlog" / protocol / user).glob("*.in"))
        return {"files": [str(file) for file in files],
                "text": "".join(file.read_text(errors="replace") for file in files)}

    def do_doveadm(self, args: list[str]) -> Answer:
        """Any doveadm command: expunge, flags, mailbox update --uid-validity …"""
        done = self._dovecot.doveadm(*args)
        return {"status": done.returncode, "stdout": done.stdout, "stderr": done.stderr}

    def do_log(self) -> Answer:
        return {"text": self._dovecot.log_tail()}

    def _stop(self, *services: str) -> Answer:
        self._dovecot.shut(*services)
        return {}

    def _describe(self, user: User) -> Answer:
        token = {"token": self._tokens.token(user.address)} if self._tokens else {}
        return {"address": user.address, "password": user.password, **token}
