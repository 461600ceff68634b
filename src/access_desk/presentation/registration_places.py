"""A ZIP code fills city and state, unless a clerk typed them."""

from __future__ import annotations

from collections.abc import Sequence

from access_desk.domain.registration.sheet import ZIP_PLACES
from access_desk.presentation.registration_fields import Choices
from access_desk.presentation.registration_form import RegistrationForm

ZIP_CITY = "zip_city"
# What the last ZIP code filled, so that another one can replace it and nothing else.
_FILLED = {"city": "zip_filled_city", "state": "zip_filled_state"}
_BETWEEN, _WITHIN = "; ", ", "


def with_places(form: RegistrationForm, places: Sequence[tuple[str, str]]) -> RegistrationForm:
    """The form after its ZIP code was looked up; several cities are offered, the usual one first."""
    city, state = places[0] if places else ("", "")
    form = _filled(_filled(form, "city", city), "state", state)
    offered = _BETWEEN.join(_WITHIN.join(place) for place in places) if len(places) > 1 else ""
    stands = _WITHIN.join((form.value("city"), form.value("state")))
    form = form.with_value(ZIP_PLACES, offered)
    return form.with_value(ZIP_CITY, stands if offered and stands in offered.split(_BETWEEN) else "")


def with_choice(form: RegistrationForm) -> RegistrationForm:
    """The form after a city was chosen from those offered: a person said so, whatever stood there."""
    city, _, state = form.value(ZIP_CITY).rpartition(_WITHIN)
    if not city:
        return form
    for name, text in (("city", city), ("state", state)):
        form = form.with_value(name, text).with_value(_FILLED[name], text)
    return form


def choices_of(form: RegistrationForm) -> Choices:
    """The cities to choose from."""
    offered = form.value(ZIP_PLACES)
    return (("", ""), *((place, place) for place in offered.split(_BETWEEN) if place))


def _filled(form: RegistrationForm, name: str, text: str) -> RegistrationForm:
    """Fill a field that is blank or that a ZIP code filled before."""
    stands, before = form.value(name), form.value(_FILLED[name])
    if stands.strip() and stands != before:
        return form
    if not text and not before:
        return form
    return form.with_value(name, text).with_value(_FILLED[name], text)
