"""How tests are dealt out to parallel workers."""

from xdist.scheduler import LoadScopeScheduling


class OneBrowserAtATime(LoadScopeScheduling):
    """Every test goes to whoever is free, but all browser journeys go to one worker: one Chromium runs at a time.

    xdist's own `loadgroup` does not see its groups under pytest 9.2, which no longer lets a test be renamed.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "browser" if nodeid.startswith("tests/browser/") else nodeid
