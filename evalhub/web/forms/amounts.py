"""Fields for amounts in 万元 and shares in per cent: text in the page, whole fen and ten-thousandths in `data`."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import StringField

from evalhub.domain.money import exact_wan, parse_wan
from evalhub.web.sentences import sentence

WEIGHT_UNITS = 10_000


class WanField(StringField):
    """An amount written in 万元; `data` is fen, or None where nothing was written."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        try:
            self.data = parse_wan(text)
        except ValueError as fault:
            raise ValueError(sentence(str(fault))) from None

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else exact_wan(self.data)


class PercentField(StringField):
    """A share written in per cent with at most two decimals; `data` is ten-thousandths."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = None
        text = valuelist[0].strip().removesuffix("%").strip() if valuelist else ""
        if text:
            self.data = _weight_of(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data // 100}.{self.data % 100:02d}"


def _weight_of(text: str) -> int:
    try:
        share = Decimal(text) * 100 if text.isascii() else Decimal("NaN")
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or share != share.to_integral_value() or not 0 <= share <= WEIGHT_UNITS:
        raise ValueError(sentence("share.out_of_range"))
    return int(share)
