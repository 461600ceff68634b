"""The card of a plan: images of its two sides, taken from files that a scanner wrote."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from access_desk.domain.errors import DeskError, UnavailableError
from access_desk.presentation.registration import RegistrationModel
from access_desk.presentation.registration_drafts import RegistrationState
from access_desk.ui.kit.buttons import KeyButton
from access_desk.ui.kit.cards import row
from access_desk.ui.kit.feedback import Dialog
from access_desk.ui.kit.labels import PlainLabel
from access_desk.ui.kit.theme import current

IMAGES = "Images (*.png *.jpg *.jpeg)"
SIDES = (("front", "Front"), ("back", "Back"))
WIDTH, HEIGHT = 270, 170


class CardDialog:
    """The two sides of a card: what is kept of each, and a file to take another from."""

    def __init__(self, page: QWidget, model: RegistrationModel, number: int) -> None:
        self._model, self._number = model, number
        self._dialog = Dialog(page.window(), f"Card of plan {number}", name="card", act="Done", keep="Close", width=620)
        self._pictures: dict[str, PlainLabel] = {}
        both = row(spacing=12)
        self._buttons: list[KeyButton] = []
        for side, word in SIDES:
            picture = PlainLabel("Not scanned", tone="muted")
            picture.setObjectName(f"card_{side}")
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            picture.setFixedSize(current().px(WIDTH), current().px(HEIGHT))
            choose = KeyButton(f"{word} from a file…", name=f"chooseCard_{side}", icon_name="scan-line")
            choose.activated.connect(lambda side=side: self._choose(side))
            column = QVBoxLayout()
            column.addWidget(picture, 1)
            column.addWidget(choose)
            both.addLayout(column, 1)
            self._pictures[side] = picture
            self._buttons.append(choose)
        note = PlainLabel("PNG or JPEG. The image is kept encrypted with the registration.", tone="secondary")
        self._dialog.body.addLayout(both)
        self._dialog.body.addWidget(note)
        self._dialog.act.activated.connect(self._dialog.close_dialog)

    def open(self) -> None:
        """Show what is kept, and wait."""
        model = self._model
        model.on_change.append(self._paint)
        self._dialog.closed.connect(lambda: model.on_change.remove(self._paint))
        self._paint(model.state)
        self._dialog.open_dialog(self._buttons[0])

    def _paint(self, state: RegistrationState) -> None:
        self._dialog.show_problem(state.notice)
        for side, picture in self._pictures.items():
            try:
                image = self._model.card_image(self._number, side) if state.form else None
            except (DeskError, UnavailableError) as wrong:
                picture.say(wrong.text)
                continue
            if image is not None:
                _show(picture, image)

    def _choose(self, side: str) -> None:
        path, _ = QFileDialog.getOpenFileName(self._dialog, "Scanned card", "", IMAGES)
        if path:
            self._model.keep_card_file(self._number, side, Path(path))


def _show(picture: PlainLabel, image: bytes) -> None:
    """The image, as large as there is room; bytes that cannot be drawn are said to be so."""
    drawn = QImage.fromData(image)
    if drawn.isNull():
        picture.say("The image cannot be shown")
        return
    ratio = picture.devicePixelRatioF()
    room = picture.size() * ratio
    kept, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    pixmap = QPixmap.fromImage(drawn.scaled(room, kept, smooth))
    pixmap.setDevicePixelRatio(ratio)
    picture.setPixmap(pixmap)
    picture.setAccessibleName("The scanned card")
