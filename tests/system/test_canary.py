"""A patient's name is on the screen and on paper, and nowhere on the disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from access_desk.system.desk_backups import back_up
from access_desk.system.desk_files import open_desk
from access_desk.system.home import Home

CANARY = "Zyxwhistle"
DAY = {
    "format": "access-desk.day/1",
    "facility": {"code": "CHR", "name": "Cedar Hollow Regional", "timezone": "America/Chicago"},
    "staff": [{"key": "dana", "name": "Dana Whitfield", "role": "registrar", "pin": "402913"}],
    "drawers": [{"key": "D3", "desk": "Admitting 3", "imprest": "200.00"}],
    "steps": [
        {"at": "2026-11-23T07:02", "by": "dana", "do": "open_drawer", "drawer": "D3", "count": {"20": 10}},
        {
            "by": "dana",
            "do": "register",
            "patient": {"family": CANARY, "given": "Quandary", "birth_date": "1987-03-14", "sex": "female", "ssn": "219-09-9998"},
            "visit": {"type": "outpatient", "service": "lab", "reason": CANARY},
            "as": "v1",
        },
        {"by": "dana", "do": "payment", "visit": "v1", "drawer": "D3", "purpose": "copay", "amount": "25.00", "tender": "cash"},
    ],
}


def test_a_patient_s_name_is_found_nowhere_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "day.json").write_text(json.dumps(DAY))
    (tmp_path / "temporary").mkdir()
    command = [sys.executable, "-m", "access_desk", "play", str(tmp_path / "in" / "day.json"), "--home", str(tmp_path / "home")]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path / "temporary")}
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    files = open_desk(Home.at(tmp_path / "home"), lambda _: None, may_upgrade=True)
    (tmp_path / "out").mkdir()
    back_up(files, tmp_path / "out" / "desk.backup", lambda _: None)
    files.close()
    looked_at = [path for folder in ("home", "temporary", "out") for path in (tmp_path / folder).rglob("*") if path.is_file()]
    assert {"desk.db", "desk.backup", "desk.json"} <= {path.name for path in looked_at}
    for path in looked_at:
        content = path.read_bytes()
        for name in (CANARY, CANARY.upper(), CANARY.lower(), "Quandary", "219099998"):
            for encoding in ("utf-8", "utf-16-le"):
                assert name.encode(encoding) not in content, path.name
    assert CANARY not in ran.stdout + ran.stderr
