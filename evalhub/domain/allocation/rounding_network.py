"""Dependent rounding of a flow: each arc with a fraction ends at a neighbouring whole number, its mean kept."""

from collections.abc import Hashable, Iterator


class Network:
    """Arcs with shares in 1/`unit`; sums at every node are kept by turning shares along cycles.

    What enters or leaves nowhere else goes through the node END, so that every node lets out what it takes in and no
    node has a single fractional arc.
    """

    END = ("end",)

    def __init__(self, unit: int, chance: Iterator[int]) -> None:
        self.unit, self.chance = unit, chance
        self.ends: list[tuple[Hashable, Hashable]] = []
        self.shares: list[int] = []
        self.pairs: dict[tuple[int, int], tuple[Hashable, Hashable]] = {}
        self._arc: dict[tuple[Hashable, Hashable], int] = {}
        self._at: dict[Hashable, dict[int, None]] = {}

    def add_chain(self, nodes: list[Hashable], share: int) -> None:
        """Send a share along END, the nodes, END; arcs between the same two nodes are one."""
        for pair in zip([self.END, *nodes], [*nodes, self.END], strict=True):
            if pair not in self._arc:
                self._arc[pair] = len(self.ends)
                self.ends.append(pair)
                self.shares.append(0)
            self.shares[self._arc[pair]] += share

    def share(self, above: Hashable, below: Hashable) -> int:
        """What an arc holds."""
        return self.shares[self._arc[above, below]]

    def round(self) -> None:
        """Turn cycles until no arc holds a fraction."""
        for arc, (above, below) in enumerate(self.ends):
            if self.shares[arc] % self.unit:
                self._at.setdefault(above, {})[arc] = None
                self._at.setdefault(below, {})[arc] = None
        for start in list(self._at):
            self._clear(start)

    def _clear(self, start: Hashable) -> None:
        """Walk over fractional arcs from a node and turn each cycle met, until the node has none left."""
        path: list[tuple[Hashable, int]] = []
        place: dict[Hashable, int] = {}
        node = start
        while path or self._at[node]:
            arrived = path[-1][1] if path else -1
            arc = next(one for one in self._at[node] if one != arrived)
            place[node] = len(path)
            path.append((node, arc))
            above, below = self.ends[arc]
            node = below if node == above else above
            if node in place:
                self._turn(path[place[node] :])
                node = self._cut(path, place)

    def _turn(self, cycle: list[tuple[Hashable, int]]) -> None:
        """Push a cycle of (node, arc) one way or the other, so that some arc becomes whole."""
        forward = [self.ends[arc][0] == node for node, arc in cycle]
        up = [-self.shares[arc] % self.unit for _, arc in cycle]
        down = [self.shares[arc] % self.unit for _, arc in cycle]
        gain = min(u if ahead else d for u, d, ahead in zip(up, down, forward, strict=True))
        loss = min(d if ahead else u for u, d, ahead in zip(up, down, forward, strict=True))
        push = gain if next(self.chance) % (gain + loss) < loss else -loss
        for (_, arc), ahead in zip(cycle, forward, strict=True):
            self.shares[arc] += push if ahead else -push
            if self.shares[arc] % self.unit == 0:
                for end in self.ends[arc]:
                    self._at[end].pop(arc, None)

    def _cut(self, path: list[tuple[Hashable, int]], place: dict[Hashable, int]) -> Hashable:
        """Shorten the path to the part before its first whole arc; the node to go on from."""
        keep = next(at for at, (_, arc) in enumerate(path) if self.shares[arc] % self.unit == 0)
        node = path[keep][0]
        for left, _ in path[keep:]:
            del place[left]
        del path[keep:]
        return node
