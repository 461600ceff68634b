"""What the Privacy page asks in dialogs: the reason for a flag, a disclosure, the judgement of an opening."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from access_desk.presentation.privacy import FLAGS, PrivacyModel
from access_desk.ui.kit.cards import row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import Combo, Field, LineEdit
from access_desk.ui.kit.labels import PlainLabel

_VERDICTS = (("justified", "Justified"), ("not_justified", "Not justified"))


def ask_flag(over: QWidget, model: PrivacyModel) -> Dialog:
    """Why a record is protected from now on, or no longer."""
    state = model.state
    title = next(title for flag, title, _ in FLAGS if flag == state.asked_for)
    ends = state.asked_for in state.flags
    heading = f"Take off: {title}?" if ends else f"Protect this record: {title}?"
    dialog = Dialog(over, heading, name="privacyFlagQuestion", act="Take it off" if ends else "Protect it", keep="Leave it")
    reason = LineEdit(name="privacyFlagReason", label="Reason")
    dialog.body.addWidget(Field("Why does it end?" if ends else "Who asked for it?", reason))
    dialog.act.activated.connect(lambda: model.turn_for(reason.text()))
    dialog.open_dialog(reason)
    return dialog


def ask_disclosure(over: QWidget, model: PrivacyModel) -> Dialog:
    """What 45 CFR 164.528(b)(2) wants kept of a disclosure."""
    dialog = Dialog(over, "Add a disclosure", name="privacyDisclosure", act="Keep it", keep="Leave it", width=560)
    day = LineEdit(name="disclosureDay", label="Day")
    to, address = LineEdit(name="disclosureTo", label="To whom"), LineEdit(name="disclosureAddress", label="Address")
    what, purpose = LineEdit(name="disclosureWhat", label="What"), LineEdit(name="disclosurePurpose", label="For what")
    dialog.body.addLayout(row(Field("Day", day, optional=True, hint="Blank is today"), Field("To whom", to)))
    dialog.body.addWidget(Field("Their address, when known", address, optional=True))
    dialog.body.addWidget(Field("What was disclosed", what))
    dialog.body.addWidget(Field("For what purpose", purpose))
    dialog.act.activated.connect(lambda: model.disclose(day.text(), to.text(), address.text(), what.text(), purpose.text()))
    dialog.open_dialog(to)
    return dialog


def ask_review(over: QWidget, model: PrivacyModel) -> Dialog:
    """Whether an opening was justified."""
    line = model.state.review
    dialog = Dialog(over, "Was this opening justified?", name="privacyReview", act="Record", keep="Later", width=560)
    if line is not None:
        said = PlainLabel(f"{line.who}, {line.when}, {line.record}. {line.why}")
        said.setWordWrap(True)
        dialog.body.addWidget(said)
    verdict = Combo(name="reviewVerdict", label="Verdict", choices=_VERDICTS)
    note = LineEdit(name="reviewNote", label="Note")
    dialog.body.addWidget(Field("Verdict", verdict))
    dialog.body.addWidget(Field("Note", note, optional=True, hint="Needed when it was not justified"))
    dialog.act.activated.connect(lambda: model.judge(str(verdict.value()), note.text()))
    dialog.open_dialog(verdict)
    return dialog
