"""How registrars type a person, with one mistake anywhere: whoever is meant is among the first twenty of three thousand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from access_desk.domain.patients.views import SearchTerms
from access_desk.exchange.patient_csv import PatientCsv
from access_desk.storage.queries.patients_listed import MOST_SHOWN
from tests.desks import TestDesk, a_desk
