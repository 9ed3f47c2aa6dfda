"""Folded keys of names and the likeness of two organisations' names. Names are kept byte for byte; only keys fold.

A likeness is a doubt for a person to rule on, never a proof: proof is an equal credit code (`organisations`).
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

LIKENESS_THRESHOLD = 0.8
"""Names at least this alike are put before an officer. A setting; the default parts sister bodies of one district."""

CONTAINED_LIKENESS = 0.8
LIKEST_OF_OTHERS = 0.9999
OTHER_NUMBER_LIKENESS = 0.5
OTHER_KIND_LIKENESS = 0.75
SHORTEST_CONTAINED = 3

_FORMS = (
    "股份有限公司", "有限责任公司", "特殊普通合伙", "有限公司", "股份公司", "有限合伙", "普通合伙", "公司",
)  # fmt: skip
_BRANCH = re.compile(r"^(.{2,}?(?:公司|事务所|合伙))(.+分(?:公司|所))$")
_ORDINAL = re.compile("第([一二三四五六七八九十百]+)")
_NUMBER = re.compile(r"\d+")
_DIGITS = {character: value for value, character in enumerate("一二三四五六七八九", start=1)}
_TENS = {"十": 10, "百": 100}
_GENERIC = re.compile(
    "街道办事处|人民政府|委员会|办事处|管理局|服务中心|管理中心|研究院|研究所|会计师事务所|律师事务所|事务所|"
    "工程咨询|工程管理|管理咨询|建设工程|建筑工程|信息技术|咨询|科技|工程|建设|管理|服务|集团|公司|中心|大学|学院|医院|中学|小学|社区"
)
_SPECIFIC_WEIGHT, _GENERIC_WEIGHT = 4, 1
_KIND = re.compile(
    "(?:(?P<office>办事处)|(?P<firm>事务所)|(?P<research>研究院|研究所|设计院)|(?P<hospital>医院|卫生院)|"
    "(?P<university>大学|学院)|"
    "(?P<middle_school>中学)|(?P<primary_school>小学)|(?P<nursery>幼儿园)|(?P<organ>局|委员会|办公室|政府)|"
    "(?P<institution>中心|站|所|馆|队)|"
    "(?P<company>集团|控股|投资|实业|发展|贸易|材料|咨询|工程|科技|技术|建设|管理|服务))$"
)


@lru_cache(maxsize=65536)
def fold_name(name: str) -> str:
    """Search key of any name: NFKC, lower case, without spaces, punctuation, brackets, dots, marks and controls.

    Private-use and newer ideographs stay: they tell names apart.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    kept = "".join(character for character in folded if not _is_dropped(unicodedata.category(character)))
    return unicodedata.normalize("NFKC", kept)


def _is_dropped(category: str) -> bool:
    return category[0] in "ZPM" or category in ("Cc", "Cf")


@lru_cache(maxsize=65536)
def organisation_key(name: str) -> str:
    """Search key of an organisation: `fold_name` without its legal form, a branch read as its body, 第一 as 第1.

    A branch has no legal personality of its own: 公司法 (2023) art 13.
    """
    key = _ORDINAL.sub(lambda found: f"第{_ordinal(found[1])}", fold_name(name))
    branch = _BRANCH.match(key)
    if branch:
        key = branch[1]
    for form in _FORMS:
        if key.endswith(form) and len(key) - len(form) >= 2 and key[-len(form) - 1] not in "分子":
            return key[: -len(form)]
    return key


def _ordinal(numeral: str) -> int:
    total, digit = 0, 0
    for character in numeral:
        if character in _TENS:
            total, digit = total + (digit or 1) * _TENS[character], 0
        else:
            digit = _DIGITS[character]
    return total + digit


def likeness(name: str, other: str, former: Iterable[str] = ()) -> float:
    """How alike an organisation's name is to another one, or to one of its former names: 0 to 1, 1 for equal keys."""
    key = organisation_key(name)
    return max(key_likeness(key, organisation_key(candidate)) for candidate in (other, *former))


def key_likeness(key: str, other: str) -> float:
    """Likeness of two `organisation_key`s: the shared weight of their character pairs, 2 C / (A + B), four decimals.

    Pairs inside generic words (街道办事处, 服务中心) weigh a quarter. A name that ends the other one (教育局 of
    高新区教育局) is alike from 0.8 on; names with different numbers (第1中学, 第2中学) are at most 0.5, and names that end in
    different kinds of body (水务局, 水务服务中心) at most 0.75 alike.
    """
    if not key or not other:
        return 0.0
    if key == other:
        return 1.0
    pairs, other_pairs = _pairs(key), _pairs(other)
    common = sum(min(weight, other_pairs[pair]) for pair, weight in pairs.items() if pair in other_pairs)
    whole = sum(pairs.values()) + sum(other_pairs.values())
    share = 2 * common / whole if whole else 0.0
    short, long = sorted((key, other), key=len)
    if long.endswith(short) and _is_telling(short):
        share = max(share, CONTAINED_LIKENESS + (1 - CONTAINED_LIKENESS) * len(short) / len(long))
    if _NUMBER.findall(key) != _NUMBER.findall(other):
        share = min(share, OTHER_NUMBER_LIKENESS)
    kind, other_kind = _KIND.search(key), _KIND.search(other)
    if kind and other_kind and kind.lastgroup != other_kind.lastgroup:
        share = min(share, OTHER_KIND_LIKENESS)
    return min(round(share, 4), LIKEST_OF_OTHERS)


def _is_telling(key: str) -> bool:
    return len(key) >= SHORTEST_CONTAINED and bool(_GENERIC.sub("", key))


@lru_cache(maxsize=65536)
def _pairs(key: str) -> dict[str, int]:
    """Character pairs of a key with their weights; of a repeated pair the heavier counts, once."""
    generic = {start for found in _GENERIC.finditer(key) for start in range(found.start(), found.end() - 1)}
    weights: dict[str, int] = {}
    for start in range(len(key) - 1):
        pair = key[start : start + 2]
        weights[pair] = max(weights.get(pair, 0), _GENERIC_WEIGHT if start in generic else _SPECIFIC_WEIGHT)
    return weights


T = TypeVar("T", bound=Hashable)


@dataclass
class NameIndex(Generic[T]):
    """Names to be found again by likeness, without comparing each with each. `search` misses none at the threshold."""

    threshold: float = LIKENESS_THRESHOLD
    _owners: dict[str, list[T]] = field(default_factory=dict)
    _by_pair: dict[str, set[str]] = field(default_factory=dict)
    _by_ending: dict[str, set[str]] = field(default_factory=dict)
    _found: dict[str, list[tuple[T, float]]] = field(default_factory=dict)

    def add(self, name: str, owner: T) -> None:
        key = organisation_key(name)
        if not key:
            return
        self._found.clear()
        if key not in self._owners:
            for pair in _pairs(key):
                self._by_pair.setdefault(pair, set()).add(key)
            for ending in _endings(key):
                self._by_ending.setdefault(ending, set()).add(key)
        self._owners.setdefault(key, []).append(owner)

    def search(self, name: str) -> list[tuple[T, float]]:
        """Owners of the names at least `threshold` alike, each once with its greatest likeness, most alike first."""
        key = organisation_key(name)
        if key not in self._found:
            best: dict[T, float] = {}
            for candidate in sorted(self._candidates(key)):
                share = key_likeness(key, candidate)
                if share >= self.threshold:
                    for owner in self._owners[candidate]:
                        best[owner] = max(share, best.get(owner, 0.0))
            self._found[key] = sorted(best.items(), key=lambda entry: -entry[1])
        return self._found[key]

    def _candidates(self, key: str) -> set[str]:
        found = {key} & self._owners.keys()
        for ending in _endings(key):
            found |= {ending} & self._owners.keys()
        found |= self._by_ending.get(key, set())
        for pair in self._needed_pairs(key):
            found |= self._by_pair.get(pair, set())
        return found

    def _needed_pairs(self, key: str) -> Iterator[str]:
        """The rarest pairs of which any name above the threshold must share one.

        2 C / (A + B) >= t and B >= C give C >= t A / (2 - t): pairs left that weigh less do not reach it alone.
        """
        pairs = sorted(_pairs(key).items(), key=lambda entry: (len(self._by_pair.get(entry[0], ())), entry[0]))
        left = sum(weight for _, weight in pairs)
        least = self.threshold - 0.0001  # likeness is rounded to four decimals
        needed = least * left / (2 - least)
        for pair, weight in pairs:
            if left < needed:
                return
            yield pair
            left -= weight


def _endings(key: str) -> list[str]:
    return [key[start:] for start in range(1, len(key) - SHORTEST_CONTAINED + 1)]
