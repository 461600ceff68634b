"""The Help page: the keyboard map, and the desk's rules in a clerk's words."""

from __future__ import annotations

from dataclasses import dataclass

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Go to",
        (
            ("F2", "Today"),
            ("Shift F2", "Privacy of a record"),
            ("F3", "Find patient"),
            ("Shift F3", "Emergency arrival, central log"),
            ("F7", "Open draft"),
            ("F8", "Payment"),
            ("Shift F8", "Forms of this visit"),
            ("F9", "Drawer"),
            ("Shift F9", "Handoff"),
            ("F1", "Help and this map"),
            ("Ctrl K", "Palette: go to or do"),
        ),
    ),
    (
        "On every page",
        (
            ("F12", "The page's primary action"),
            ("Enter", "Next field; opens a row"),
            ("Esc", "One step back, nothing is lost"),
            ("F5", "Refresh"),
            ("F6", "Next pane"),
            ("Shift F6", "Previous pane"),
            ("Alt 1–9", "Numbered part of the page"),
            ("Ctrl P", "Print this"),
            ("Ctrl Z", "Undo typing or parking"),
        ),
    ),
    (
        "At the desk",
        (
            ("Ctrl L", "Lock now"),
            ("Ctrl .", "Hide or show names"),
            ("Shift F7", "Park the registration"),
            ("Ctrl N", "Create a record (Find only)"),
            ("1 2 3", "Use that record (Find)"),
            ("M", "Record a milestone (Today)"),
            ("Ctrl 0", "Fill blank count boxes"),
            ("Alt U", "Another user (locked desk)"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """A short answer; ``words`` are matched by the palette besides the title."""

    name: str
    title: str
    text: str
    words: str = ""


HELP_TOPICS = (
    HelpTopic(
        "find",
        "How to find a patient",
        "Ask for the name and the birth date, then type three details. Records stand side by side: a check mark agrees, a "
        "crossed equals sign differs. Ask again before you choose. A new record can only be made from a search; who is "
        "likely the same person stands beside what you typed then, and again when you file. Use that record, and what you "
        "typed is filed as a change of it; or say why a second one is needed, and a shift lead looks at both.",
        "search create duplicate new record",
    ),
    HelpTopic(
        "duplicates",
        "When one person has two records",
        "On Find, Ctrl E sends two records to a shift lead, or notes that they belong together, as twins do: each warns of the "
        "other from then on. A lead merges, keeps apart, or takes a merge back on Duplicates; nothing is deleted, and the "
        "number of a merged record finds the one that stands. Rates shows duplicates, errors and accuracy of a period.",
        "duplicate merge unmerge link twins flag overlay rate",
    ),
    HelpTopic(
        "register",
        "How to register a visit",
        "Enter goes down the page. The right side always lists what is still missing. What you type is kept on this computer "
        "0.8 seconds after you stop, so Esc, a lock or a power cut costs nothing. F12 files the registration once, however "
        "often it is pressed.",
        "file draft park",
    ),
    HelpTopic(
        "emergency",
        "Emergency visits and money",
        "Federal law (EMTALA) lets nobody ask for coverage or payment before the medical screening exam. Until the exam is "
        "recorded, the coverage section stays folded and payments are refused. Shift F3 registers an arrival with a name, or "
        "none, and the complaint, and keeps the central log: choose the arrival and record who did the exam and when.",
        "emtala mse screening triage milestone",
    ),
    HelpTopic(
        "void",
        "How to void a payment",
        "Open Drawer, choose the receipt, and void it with a reason and a lead's PIN. The receipt keeps its number and stays "
        "on the sheet, struck through. After the drawer is counted only a refund is possible.",
        "cancel receipt refund undo",
    ),
    HelpTopic(
        "count",
        "How to count and close",
        "The count is blind: what the drawer should hold is shown after you submit. Count what is there, 0 for none. A "
        "difference asks for a reason, and above the limit for a lead who did not count.",
        "drawer balance short over recount",
    ),
    HelpTopic(
        "lock",
        "Leaving the desk",
        "Ctrl L locks at once; the desk also locks by itself. Drafts and the drawer stay with their owner, whoever signs in "
        "next.",
        "sign out switch user idle",
    ),
)
