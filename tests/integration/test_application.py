def test_stranger_at_the_door_is_sent_to_sign_in(client):
    response = client.get("/")

    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in?next=/")


def test_every_answer_carries_the_strict_content_policy(client):
    response = client.get("/")

    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
