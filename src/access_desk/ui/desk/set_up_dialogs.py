"""What the Set up page asks in dialogs: somebody new, about somebody, a drawer, one's own PIN."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from access_desk.presentation.set_up import ROLES, SetUpModel
from access_desk.ui.kit.cards import row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.fields import CheckRow, Combo, Field, LineEdit, MoneyEdit, PinEdit
from access_desk.ui.kit.labels import PlainLabel

_WIDTH = 560


def _pins(dialog: Dialog, label: str, *, optional: bool = False) -> tuple[PinEdit, PinEdit]:
    pin, again = PinEdit(name="setUpPin", label=label), PinEdit(name="setUpPinAgain", label="The same again")
    hint = "Blank leaves it" if optional else "4 to 12 digits"
    dialog.body.addLayout(row(Field(label, pin, optional=optional, hint=hint), Field("The same again", again)))
    return pin, again


def ask_person(over: QWidget, model: SetUpModel) -> Dialog:
    """Somebody who is to work here."""
    dialog = Dialog(over, "Add somebody to the staff", name="setUpAdd", act="Add", keep="Leave it", width=_WIDTH)
    name, key = LineEdit(name="setUpName", label="Name"), LineEdit(name="setUpKey", label="Sign-in name")
    role = Combo(name="setUpRole", label="Role", choices=ROLES)
    role.show_value(ROLES[0][0])
    dialog.body.addWidget(Field("Name", name, hint="As papers show it"))
    dialog.body.addLayout(row(Field("Sign-in name", key, hint="Never given again"), Field("Role", role)))
    pin, again = _pins(dialog, "First PIN")
    dialog.act.activated.connect(lambda: model.add(key.text(), name.text(), str(role.value()), pin.text(), again.text()))
    dialog.open_dialog(name)
    return dialog


def ask_change(over: QWidget, model: SetUpModel) -> Dialog:
    """What changes about somebody."""
    person = model.state.person
    title = person.name if person else ""
    dialog = Dialog(over, f"Change {title}", name="setUpChange", act="Change", keep="Leave it", width=_WIDTH)
    role = Combo(name="setUpRole", label="Role", choices=ROLES)
    works = CheckRow("Works here and may sign in", name="setUpWorks")
    if person is not None:
        role.show_value(person.role.value)
        works.show_ticked(person.active)
    dialog.body.addWidget(Field("Role", role))
    dialog.body.addWidget(works)
    pin, again = _pins(dialog, "New PIN", optional=True)
    dialog.act.activated.connect(lambda: model.change(str(role.value()), pin.text(), again.text(), active=works.isChecked()))
    dialog.open_dialog(role)
    return dialog


def ask_drawer(over: QWidget, model: SetUpModel) -> Dialog:
    """A drawer of this desk."""
    dialog = Dialog(over, "Install a drawer at this desk", name="setUpDrawer", act="Install", keep="Leave it", width=_WIDTH)
    key, label = LineEdit(name="setUpDrawerKey", label="Number"), LineEdit(name="setUpDrawerLabel", label="Where it is")
    imprest = MoneyEdit(name="setUpImprest", label="Float")
    dialog.body.addLayout(row(Field("Number", key, hint="Such as 03"), Field("Where it is", label, hint="Such as Admitting 3")))
    dialog.body.addWidget(Field("Float", imprest, hint="What it holds before anything is taken"))
    about = PlainLabel("Its money is written at this desk only. Receipts carry its number.", tone="secondary")
    about.setWordWrap(True)
    dialog.body.addWidget(about)
    dialog.act.activated.connect(lambda: model.install(key.text(), label.text(), imprest.text()))
    dialog.open_dialog(key)
    return dialog


def ask_own_pin(over: QWidget, model: SetUpModel) -> Dialog:
    """Another PIN for whoever is at the desk."""
    dialog = Dialog(over, "Change your PIN", name="setUpOwnPin", act="Change", keep="Leave it", width=_WIDTH)
    old = PinEdit(name="setUpOldPin", label="The PIN that you have now")
    dialog.body.addWidget(Field("The PIN that you have now", old))
    pin, again = _pins(dialog, "New PIN")
    dialog.act.activated.connect(lambda: model.set_own_pin(old.text(), pin.text(), again.text()))
    dialog.open_dialog(old)
    return dialog


DIALOGS: dict[str, Callable[[QWidget, SetUpModel], Dialog]] = {
    "add": ask_person,
    "person": ask_change,
    "drawer": ask_drawer,
    "own_pin": ask_own_pin,
}
