"""Delivers mail from the outbox: into a folder by default, to an SMTP server where one is configured.

Called by background work alone, never while a page is being made. One mail has one recipient, so no header can tell
one of a panel about another. A mail's key makes it once only: the folder keeps one file per key, a mail server sees
one Message-ID.
"""

import hashlib
import os
import re
import secrets as chance
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from evalhub.infra.durable import sync_directory

_TIMEOUT_SECONDS = 20
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")


class MailFailed(Exception):
    """The mail was not delivered. `is_final`: trying again cannot help."""

    def __init__(self, detail: str, *, is_final: bool) -> None:
        super().__init__(detail)
        self.is_final = is_final


@dataclass(frozen=True)
class Mail:
    """One mail to one person.

    Attributes:
        key: the outbox row's id; the same key is the same mail.
        to: one address.
        at: when it was written, an aware instant.
    """

    key: str
    to: str
    subject: str
    text: str
    at: datetime


class Mailer(Protocol):
    """A way out for mail."""

    def deliver(self, mail: Mail) -> None:
        """Deliver or raise `MailFailed`."""


class MailFolder:
    """Writes each mail as one .eml file, for installations without a mail server: somebody carries them further."""

    def __init__(self, directory: Path, sender: str) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._directory = directory
        self._sender = sender

    def deliver(self, mail: Mail) -> None:
        """Write the file whole; a mail delivered before is left as it is."""
        message = compose(mail, self._sender)
        target = self._directory / f"{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}.eml"
        if target.exists():
            return
        draft = target.with_name(f".{chance.token_hex(16)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        sync_directory(self._directory)


class MailServer:
    """Sends by SMTP.

    Args:
        url: smtp://host, smtps://user:password@host or smtp+starttls://user:password@host, each with :port if unusual.
        sender: the address in From.
    """

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError(f"a mail server's address begins with one of {', '.join(_PORTS)}")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender

    def deliver(self, mail: Mail) -> None:
        """Hand the mail to the server."""
        message = compose(mail, self._sender)
        try:
            with self._connect() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise MailFailed("recipient refused", is_final=all(code >= 500 for code in codes)) from None
        except smtplib.SMTPResponseException as error:
            raise MailFailed(f"server answered {error.smtp_code}", is_final=error.smtp_code >= 500) from None
        except (OSError, smtplib.SMTPException) as error:
            raise MailFailed(type(error).__name__, is_final=False) from None

    def _connect(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_SECONDS, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        if self._scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        return server


def open_mailer(smtp_url: str | None, folder: Path, sender: str) -> Mailer:
    """The mail server where one is configured, else the folder."""
    return MailServer(smtp_url, sender) if smtp_url else MailFolder(folder, sender)


def compose(mail: Mail, sender: str) -> EmailMessage:
    """The message as it leaves.

    Raises:
        MailFailed: final, when the address is none or a header would carry a line break.
    """
    if not _ADDRESS.fullmatch(mail.to) or not mail.to.isprintable():
        raise MailFailed("not one address", is_final=True)
    message = EmailMessage()
    try:
        message["From"], message["To"], message["Subject"] = sender, mail.to, mail.subject
    except (ValueError, IndexError):
        raise MailFailed("a header would break", is_final=True) from None
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{domain}>"
    message["Date"] = format_datetime(mail.at)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="base64")
    return message
