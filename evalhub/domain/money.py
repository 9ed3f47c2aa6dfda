"""Money is whole fen; people write 万元. This module is the only way between the two, in whole numbers."""

import re
from decimal import Decimal, InvalidOperation

FEN_PER_WAN = 1_000_000
GREATEST_FEN = 10**15
_AMOUNT = re.compile(r"-?\d{1,12}(\.\d+)?")


def parse_wan(text: str) -> int:
    """Fen of an amount written in 万元, such as `1,260.00` or `0.0001`.

    Raises:
        ValueError: `money.not_a_number`, `money.below_fen` (finer than one fen), `money.negative`, `money.too_great`.
    """
    folded = text.strip().replace(",", "").replace("，", "").removesuffix("万元").strip()
    if not _AMOUNT.fullmatch(folded):
        raise ValueError("money.not_a_number")
    try:
        fen = Decimal(folded) * FEN_PER_WAN
    except InvalidOperation:
        raise ValueError("money.not_a_number") from None
    if fen != fen.to_integral_value():
        raise ValueError("money.below_fen")
    if fen < 0:
        raise ValueError("money.negative")
    if fen > GREATEST_FEN:
        raise ValueError("money.too_great")
    return int(fen)


def exact_wan(fen: int | None) -> str:
    """The amount in 万元 with as many decimals as it needs and at least two: what a form shows for editing."""
    if fen is None:
        return ""
    whole, rest = divmod(fen, FEN_PER_WAN)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{whole}.{decimals}"
