"""What the printed papers say, as frozen dataclasses; `documents` draws them.

A paper is a pure function of its content: everything it shows is a field here. Moments are aware *local* datetimes of
the facility (they are printed as they stand), sums are :class:`~access_desk.domain.money.Money`, counts of pieces are
:class:`~access_desk.domain.denominations.CashCount`. Mappings per tender have the keys ``cash``, ``check``, ``card`` and
``money_order``; an absent key is zero. Text is printed as plain text, whatever it holds.
"""
