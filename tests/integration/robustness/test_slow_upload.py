"""An upload that trickles in keeps nobody waiting: the server reads it aside before any thread takes it up."""

import http.client
import statistics
import threading
import time

import pytest

from evalhub.domain.permissions import Role

ANNOUNCED_BYTES = 200 * 1024 * 1024
PIECE = b"x" * 64 * 1024
SAVES = 40
WITHIN_SECONDS = 1.0


def trickle(caller, sent: list[int], stop: threading.Event) -> None:
    """Announce 200 MB and send them in small pieces, until told to stop."""
    connection = http.client.HTTPConnection("127.0.0.1", caller.port, timeout=30)
    connection.putrequest("POST", "/intakes/experts/new", skip_host=True)
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(ANNOUNCED_BYTES)}
    for name, value in caller.headers(**headers).items():
        connection.putheader(name, value)
    connection.endheaders()
    while not stop.is_set():
        connection.send(PIECE)
        sent.append(len(PIECE))
        time.sleep(0.01)
    connection.close()


@pytest.mark.parametrize("engine_kind", ["sqlite"], indirect=True)  # the engine has no part in reading a body
def test_saves_answer_within_a_second_while_uploads_trickle_in(server, caller):
    officer = caller(Role.OFFICER)
    stop, sent = threading.Event(), []
    uploads = [threading.Thread(target=trickle, args=(officer, sent, stop), daemon=True) for _ in range(4)]
    for upload in uploads:
        upload.start()
    try:
        while len(sent) < 8:
            time.sleep(0.01)
        taken = []
        for number in range(SAVES):
            began = time.monotonic()
            fields = {"kind": "other", "name": f"单位{number}"}
            status, _, _ = officer.post("/organisations/new", fields, f"s-{number}")
            taken.append(time.monotonic() - began)
            assert status == 303
        under_way = [upload.is_alive() for upload in uploads]
    finally:
        stop.set()
        for upload in uploads:
            upload.join(timeout=10)

    assert under_way == [True] * 4
    assert statistics.quantiles(taken, n=20)[18] < WITHIN_SECONDS
