"""Mail into a folder and to a real server: whole, once, to one person, and failures told apart."""

import datetime
import email
import email.policy
import socketserver
import threading

import pytest

from evalhub.infra.mail import Mail, MailFailed, MailFolder, MailServer, compose, open_mailer

SENDER = "财政局 <evalhub@czj.example.gov.cn>"
MAIL = Mail(
    key="0195c1",
    to="expert@example.org",
    subject="评审邀请：2026 年绩效评价",
    text="𠮷某专家：\n请于 11 月 30 日前答复。\n.\n",
    at=datetime.datetime(2026, 11, 23, 2, 42, tzinfo=datetime.UTC),
)


def parsed(raw: bytes):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_folder_keeps_the_mail_whole_and_private(tmp_path):
    open_mailer(None, tmp_path / "outbox", SENDER).deliver(MAIL)
    (path,) = (tmp_path / "outbox").iterdir()
    message = parsed(path.read_bytes())

    assert path.suffix == ".eml"
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert (message["To"], message["Subject"]) == (MAIL.to, MAIL.subject)
    assert message.get_content().replace("\r\n", "\n") == MAIL.text
    assert message["Date"] == "Mon, 23 Nov 2026 02:42:00 +0000"


def test_mail_delivered_twice_is_one_file_under_its_first_words(tmp_path):
    folder = MailFolder(tmp_path, SENDER)
    folder.deliver(MAIL)
    first = [path.read_bytes() for path in tmp_path.iterdir()]
    folder.deliver(MAIL)

    assert [path.read_bytes() for path in tmp_path.iterdir()] == first


def test_message_says_nothing_of_other_people_or_machines():
    headers = dict(compose(MAIL, SENDER).items())

    assert set(headers) == {
        *("From", "To", "Subject", "Message-ID", "Date", "Auto-Submitted"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert headers["Message-ID"].endswith("@czj.example.gov.cn>")
    assert MAIL.key not in headers["Message-ID"]


@pytest.mark.parametrize("to", ["", "nobody", "a@x.org, b@x.org", "a@x.org\nBcc: b@x.org", "a <a@x.org>", "a@b@c"])
def test_address_that_is_not_one_address_fails_for_good(tmp_path, to):
    with pytest.raises(MailFailed) as raised:
        MailFolder(tmp_path, SENDER).deliver(Mail("k", to, "s", "t", MAIL.at))

    assert raised.value.is_final
    assert list(tmp_path.iterdir()) == []


def test_subject_with_a_line_break_fails_for_good(tmp_path):
    with pytest.raises(MailFailed) as raised:
        MailFolder(tmp_path, SENDER).deliver(Mail("k", "a@x.org", "s\r\nBcc: b@x.org", "t", MAIL.at))

    assert raised.value.is_final


class _Conversation(socketserver.StreamRequestHandler):
    """A mail server's side of one delivery; `server.answers` overrides what it says to a command."""

    def handle(self):
        self._say("220 ready")
        while line := self.rfile.readline():
            command = line.decode().split(" ")[0].strip().upper()
            self._say(self.server.answers.get(command, "250 ok"))
            if command == "DATA":
                self._take()
            if command == "QUIT":
                return

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        self.server.received.append(b"".join(lines))
        self._say("250 taken")


@pytest.fixture
def server():
    with socketserver.TCPServer(("127.0.0.1", 0), _Conversation) as opened:
        opened.answers, opened.received = {"DATA": "354 go on", "QUIT": "221 bye"}, []
        thread = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def deliver_to(server) -> None:
    open_mailer(f"smtp://127.0.0.1:{server.server_address[1]}", None, SENDER).deliver(MAIL)


def test_server_receives_the_mail_whole(server):
    deliver_to(server)
    (raw,) = server.received
    message = parsed(raw)

    assert (message["To"], message["Subject"]) == (MAIL.to, MAIL.subject)
    assert message.get_content().replace("\r\n", "\n") == MAIL.text


@pytest.mark.parametrize(
    ("command", "answer", "is_final"),
    [
        ("RCPT", "550 no such user", True),
        ("RCPT", "450 mailbox busy", False),
        ("MAIL", "552 too much", True),
        ("MAIL", "421 closing", False),
    ],
)
def test_refusal_for_good_and_for_now_are_told_apart(server, command, answer, is_final):
    server.answers[command] = answer
    with pytest.raises(MailFailed) as raised:
        deliver_to(server)

    assert raised.value.is_final == is_final
    assert server.received == []


def test_server_that_is_away_may_be_tried_again():
    with pytest.raises(MailFailed) as raised:
        MailServer("smtp://127.0.0.1:1", SENDER).deliver(MAIL)

    assert not raised.value.is_final


@pytest.mark.parametrize("url", ["http://x", "smtp://", "mail.example.org"])
def test_address_that_is_no_mail_server_is_refused_at_start(url):
    with pytest.raises(ValueError, match="begins with one of"):
        MailServer(url, SENDER)
